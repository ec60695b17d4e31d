import { z } from 'zod'
import { AntiphonError, type ErrorCode } from '../errors/index.js'

export interface CheckOptions {
  /** Names the value in messages, such as a file or `the audio encoder "ast"`. */
  readonly what: string
  readonly code: ErrorCode
  /** The field that holds the value, where an error is to say which field below it is wrong. */
  readonly within?: string
  /** The line of a field in the file, counted from 1; undefined where it has none. */
  readonly lineOf?: (path: readonly PropertyKey[]) => number | undefined
}

/**
 * What the schema makes of a value.
 * @throws AntiphonError with `code`, naming each wrong field; unknown keys are refused with the known ones.
 */
export function checked<T extends z.ZodType>(
  schema: T,
  value: unknown,
  { what, code, within, lineOf }: CheckOptions,
): z.infer<T> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = result.error.issues.flatMap(chosen)
  const problems = issues.map((issue) => {
    const line = lineOf?.(pathOf(issue))
    return `${line === undefined ? what : `${what}:${line}`}: ${describe(issue, schema)}`
  })
  // The name once, where there are no lines to tell apart.
  const rest = lineOf ? problems.slice(1) : problems.slice(1).map((text) => text.slice(what.length + 2))
  throw new AntiphonError(code, [problems[0], ...rest].join('; '), {
    field: within === undefined ? undefined : [within, ...pathOf(issues[0])].join('.'),
  })
}

/** Of the field, or of the first key that is not known. */
function pathOf(issue: z.core.$ZodIssue): PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]] : issue.path
}

/** Of a value that may be several things: what is wrong with the one that it looks like. */
function chosen(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const alike = issue.errors.find((issues) =>
    issues.every(({ code, path }) => code !== 'invalid_type' || path.length > 0),
  )
  if (!alike) return [issue]
  return alike.flatMap((inner) => chosen({ ...inner, path: [...issue.path, ...inner.path] }))
}

function describe(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  const where = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') return `${where ? `${where}: ` : ''}${issue.message}`
  const known = Object.keys(objectAt(schema, issue.path)?.shape ?? {})
  return `unknown key ${issue.keys.map((key) => JSON.stringify(where ? `${where}.${key}` : key)).join(', ')} (expected ${known.join(', ')})`
}

/** The object schema that a path leads to, through arrays, unions that have one object, and whatever defaults and checks are laid around it. */
function objectAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodObject | undefined {
  let at = bare(schema)
  for (const key of path) {
    if (at instanceof z.ZodArray) at = bare(at.element)
    else if (at instanceof z.ZodObject) at = bare(at.shape[key as string])
  }
  return at instanceof z.ZodObject ? at : undefined
}

function bare(schema: unknown): unknown {
  if (schema instanceof z.ZodPipe) return bare(schema.in)
  if (schema instanceof z.ZodUnion)
    return schema.options.map(bare).find((option) => option instanceof z.ZodObject) ?? schema
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  )
    return bare(schema.unwrap())
  return schema
}
