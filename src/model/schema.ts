import { z } from 'zod'
import { AntiphonError, type ErrorCode } from '../errors/index.js'

/**
 * What the schema makes of a value.
 * @param what names the value in messages, such as a file or `the audio encoder "ast"`.
 * @throws AntiphonError with `code`, naming each wrong field; unknown keys are refused with the known ones.
 */
export function checked<T extends z.ZodType>(
  schema: T,
  value: unknown,
  { what, code }: { what: string; code: ErrorCode },
): z.infer<T> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => describe(issue, schema))
  throw new AntiphonError(code, `${what}: ${problems.join('; ')}`)
}

function describe(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  const where = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') return `${where ? `${where}: ` : ''}${issue.message}`
  const known = Object.keys(objectAt(schema, issue.path)?.shape ?? {})
  return `unknown key ${issue.keys.map((key) => JSON.stringify(where ? `${where}.${key}` : key)).join(', ')} (expected ${known.join(', ')})`
}

/** The object schema that a path leads to, through arrays and whatever defaults and checks are laid around it. */
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
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  )
    return bare(schema.unwrap())
  return schema
}
