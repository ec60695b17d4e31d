// Names and tags come from files that anyone may have made. A terminal obeys control characters, reorders text at
// right-to-left marks and hides what has no width, so whatever a person is to read goes through here.

/** More combining marks than this on one base are dropped; no writing system stacks more. */
const MAX_MARKS = 8

const HIDDEN =
  /[\p{Control}\p{Surrogate}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2028\u2029\ufff9-\ufffb]/u
const TOO_MANY_MARKS = new RegExp(`(\\p{M}{${MAX_MARKS}})\\p{M}+`, 'gu')

/** What looks hidden but belongs to the text, then what is hidden. */
let pattern: RegExp | undefined
function hiddenOrKept(): RegExp {
  return (pattern ??= new RegExp(
    [
      // Emoji with their joiners, selectors and tags.
      '\\p{RGI_Emoji}',
      // Joiners inside words of the scripts that need them (Persian, Hindi, …).
      '(?<=[[\\p{L}\\p{M}]--[\\p{Script=Latin}]])[\\u200c\\u200d](?=[\\p{L}\\p{M}])',
      // A variation selector behind something visible.
      '(?<=[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}])[\\ufe00-\\ufe0f]',
      `(?<hidden>${HIDDEN.source})`,
    ].join('|'),
    'gv',
  ))
}

/**
 * Text for a person's eyes: control characters (with newline and tab), direction marks and overrides, characters without
 * width, line separators and broken surrogates become visible escapes such as `\n`, `\x1b` and `\u202e`. What stays takes
 * the columns that it seems to take. For machines there is `--json`, which keeps every character.
 */
export function printable(text: string): string {
  const short = text.replace(TOO_MANY_MARKS, '$1')
  if (!HIDDEN.test(short)) return short
  return short.replace(hiddenOrKept(), (match, ...rest) => {
    const groups = rest[rest.length - 1] as { hidden?: string }
    return groups.hidden === undefined ? match : escapeCharacter(match)
  })
}

/**
 * JSON that survives terminals and old parsers: indented, every character exact, but with C1 controls, line separators,
 * direction marks and characters without width written as `\uXXXX`.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(HIDDEN_BUT_NEWLINES, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}

/** The newlines are those of the indentation. */
const HIDDEN_BUT_NEWLINES = new RegExp(`(?!\n)${HIDDEN.source}`, 'gu')

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escapeCharacter(character: string): string {
  const short = SHORT_ESCAPES[character]
  if (short !== undefined) return short
  const code = character.codePointAt(0)!
  const hex = code.toString(16)
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`
}
