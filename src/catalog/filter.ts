import { AntiphonError } from '../errors/index.js'
import type { Track } from './track.js'

const TEXT_FIELDS = ['artist', 'album', 'genre', 'path'] as const
const NUMBER_FIELDS = ['year', 'duration'] as const
// Longer ones first, so that `>=` is not read as `>`.
const OPERATORS = ['!=', '>=', '<=', '=', '>', '<', '~'] as const

export type TextField = (typeof TEXT_FIELDS)[number]
export type NumberField = (typeof NUMBER_FIELDS)[number]
export type Operator = (typeof OPERATORS)[number]

/** One comparison of a filter. Text is compared without regard to case, whole (`=`) or in part (`~`). */
export type Condition =
  | { readonly field: TextField; readonly operator: Operator; readonly value: string }
  | { readonly field: NumberField; readonly operator: Operator; readonly value: number }

const FIELD_LIST = [...TEXT_FIELDS, ...NUMBER_FIELDS].join(', ')
const OPERATOR_LIST = '= != >= <= > < ~'

/**
 * Reads a filter: `field op value` joined by commas, all of which must hold; `genre=jazz,year>=1990`. A value with commas
 * goes in double quotes, in which `\"` is a quote and `\\` a backslash. `duration` takes seconds or `m:ss`.
 * Errors: `usage`, with the position and what was expected.
 */
export function parseFilter(text: string): Condition[] {
  const conditions: Condition[] = []
  let at = skipSpace(text, 0)
  for (;;) {
    const [condition, end] = parseCondition(text, at)
    conditions.push(condition)
    if (end === text.length) return conditions
    at = skipSpace(text, end + 1)
  }
}

/** Whether a track meets all conditions. A track without the field meets only `!=`. */
export function meets(track: Track, conditions: readonly Condition[]): boolean {
  return conditions.every((condition) => {
    const actual = track[condition.field]
    if (actual === undefined) return condition.operator === '!='
    if (typeof actual === 'number') return compare(actual, condition.operator, condition.value as number)
    return compare(fold(actual), condition.operator, fold(condition.value as string))
  })
}

function compare<T extends string | number>(actual: T, operator: Operator, value: T): boolean {
  switch (operator) {
    case '=':
      return actual === value
    case '!=':
      return actual !== value
    case '>=':
      return actual >= value
    case '<=':
      return actual <= value
    case '>':
      return actual > value
    case '<':
      return actual < value
    case '~':
      return String(actual).includes(String(value))
  }
}

/** One form for texts that people take for equal: composed accents, no case. */
function fold(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

function parseCondition(text: string, start: number): [Condition, number] {
  const field = /^[A-Za-z]*/.exec(text.slice(start))![0]
  const name = field.toLowerCase()
  const isNumber = (NUMBER_FIELDS as readonly string[]).includes(name)
  if (!isNumber && !(TEXT_FIELDS as readonly string[]).includes(name))
    throw refused(
      text,
      start,
      field ? `unknown field "${field}"` : 'a field is missing',
      `one of ${FIELD_LIST}`,
    )
  const operatorAt = skipSpace(text, start + field.length)
  const operator = OPERATORS.find((o) => text.startsWith(o, operatorAt))
  if (!operator) throw refused(text, operatorAt, `no operator after "${field}"`, `one of ${OPERATOR_LIST}`)
  const valueAt = skipSpace(text, operatorAt + operator.length)
  const [value, end] = parseValue(text, valueAt)
  if (!isNumber) return [{ field: name as TextField, operator, value }, end]
  const number = parseNumber(value)
  if (number === undefined)
    throw refused(
      text,
      valueAt,
      `"${value}" is not a number`,
      name === 'duration' ? 'seconds or m:ss' : 'a number',
    )
  return [{ field: name as NumberField, operator, value: number }, end]
}

/** The value that begins at `start`, and where it ends: at a comma or at the end of the text. */
function parseValue(text: string, start: number): [string, number] {
  if (text[start] !== '"') {
    const comma = text.indexOf(',', start)
    const end = comma < 0 ? text.length : comma
    const value = text.slice(start, end).trimEnd()
    if (value === '')
      throw refused(text, start, 'a value is missing', 'a word, a number or a text in double quotes')
    return [value, end]
  }
  let value = ''
  let at = start + 1
  while (text[at] !== '"') {
    if (at >= text.length) throw refused(text, start, 'the quote is not closed', 'a closing "')
    if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at++
    value += text[at++]
  }
  const end = skipSpace(text, at + 1)
  if (end < text.length && text[end] !== ',')
    throw refused(text, end, 'text after the closing quote', 'a comma')
  return [value, end]
}

function parseNumber(text: string): number | undefined {
  const clock = /^(\d+):([0-5]\d)(?::([0-5]\d))?$/.exec(text)
  if (clock) {
    const [, first, second, third] = clock
    const minutes = Number(first) * 60 + Number(second)
    return third === undefined ? minutes : minutes * 60 + Number(third)
  }
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at].trim() === '') at++
  return at
}

function refused(text: string, at: number, problem: string, expected: string): AntiphonError {
  return new AntiphonError(
    'usage',
    `Filter "${text}", character ${at + 1}: ${problem} (expected ${expected}). A filter reads like genre=jazz,year>=1990`,
  )
}
