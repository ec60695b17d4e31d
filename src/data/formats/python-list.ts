/** What a Python list of plain values holds. */
export type PythonValue = string | number | boolean | null

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
}

const WORDS: Readonly<Record<string, PythonValue>> = { None: null, True: true, False: false, nan: null }

/** Characters; longer is no list of words about music. */
const MAX_LENGTH = 1_000_000

const SPACE = /[ \t\r\n]*/y
const STRING = /[uU]?(?:'([^'\\]*(?:\\[^][^'\\]*)*)'|"([^"\\]*(?:\\[^][^"\\]*)*)")/y
const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y
const WORD = /[A-Za-z]+/y
const ESCAPE = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[^])/g

/**
 * A list as Python writes it (`repr` of a list of strings, numbers, None and booleans), the way in which pandas puts a list
 * into a cell of a CSV file. The JSON of such a list without escapes beyond Python's is one too, but for `null` and `true`.
 * @returns undefined where the text is no such list
 */
export function parsePythonList(text: string): PythonValue[] | undefined {
  if (text.length > MAX_LENGTH) return undefined
  let at = 0
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) at = pattern.lastIndex
    return found
  }
  const taken = (character: string): boolean => {
    match(SPACE)
    if (text[at] !== character) return false
    at++
    return true
  }

  if (!taken('[')) return undefined
  const values: PythonValue[] = []
  while (!taken(']')) {
    if (values.length > 0 && !taken(',')) return undefined
    if (values.length > 0 && taken(']')) break // a comma behind the last one
    const value = nextValue(match)
    if (value === undefined) return undefined
    values.push(value)
  }
  match(SPACE)
  return at === text.length ? values : undefined
}

function nextValue(match: (pattern: RegExp) => RegExpExecArray | null): PythonValue | undefined {
  match(SPACE)
  const string = match(STRING)
  if (string) return unescape(string[1] ?? string[2])
  const number = match(NUMBER)
  if (number) return Number(number[0])
  const word = match(WORD)?.[0]
  return word !== undefined && Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
}

function unescape(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(ESCAPE, (whole, escape: string) => {
    if (Object.hasOwn(ESCAPES, escape)) return ESCAPES[escape]
    if (/^[xuU]./.test(escape)) {
      const code = parseInt(escape.slice(1), 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    }
    return /^[0-7]/.test(escape) ? String.fromCharCode(parseInt(escape, 8)) : whole // Python keeps the backslash of others
  })
}
