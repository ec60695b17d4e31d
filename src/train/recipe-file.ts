import { parse, stringify } from 'yaml'
import { AntiphonError } from '../errors/index.js'
import { checked, parseYaml } from '../schema/index.js'
import { RECIPE, type Recipe } from './recipe.js'
import { mergeVariants } from './variants.js'

export interface RecipeSource {
  /** Names the file in messages. @default 'the recipe' */
  readonly file?: string
  /** Names of changes that the file has under `variants`, laid over its fields one after the other. */
  readonly variants?: readonly string[]
  /** Laid over that: `a.b=value`, as after `--set`; values are YAML; a number counts the entries of a list. */
  readonly set?: readonly string[]
}

/**
 * Reads a recipe. Unknown keys are refused with the known ones.
 * @throws AntiphonError `usage`, naming the line of what is no YAML, and each wrong field
 */
export function parseRecipe(
  yaml: string,
  { file = 'the recipe', variants = [], set = [] }: RecipeSource = {},
): Recipe {
  const { value, lineOf } = parseYaml(yaml, { file })
  const { fields, placeOf } = mergeVariants(value, variants, { file })
  for (const assignment of set) override(fields, assignment)
  return checked(RECIPE, fields, { what: file, code: 'usage', lineOf: (path) => lineOf(placeOf(path)) })
}

/** Where a recipe says a field, or what is around it: `FILE:LINE`, or `--set`. */
export function placeOfField(
  yaml: string,
  field: string,
  { file = 'the recipe', variants = [], set = [] }: RecipeSource = {},
): string {
  const isSet = set.some((assignment) => `${field}.`.startsWith(`${assignment.split('=')[0].trim()}.`))
  if (isSet) return '--set'
  const { value, lineOf } = parseYaml(yaml, { file })
  const { placeOf } = mergeVariants(value, variants, { file })
  const line = lineOf(placeOf(field.split('.')))
  return line === undefined ? file : `${file}:${line}`
}

/** The names of a recipe's variants. @throws AntiphonError `usage`, naming the line of what is no YAML */
export function variantsOf(yaml: string, { file = 'the recipe' }: RecipeSource = {}): string[] {
  const { value } = parseYaml(yaml, { file })
  const { variants } = (value ?? {}) as { readonly variants?: object | null }
  return Object.keys(variants ?? {})
}

/** The recipe with every choice made, its variants too, as YAML that `parseRecipe` takes. */
export function formatRecipe(recipe: Recipe): string {
  return stringify(recipe, { lineWidth: 110 })
}

/** Sets one field; what lies on the way to it is made. */
function override(fields: unknown, assignment: string): void {
  const equals = assignment.indexOf('=')
  const keys = assignment.slice(0, Math.max(0, equals)).trim().split('.')
  if (equals < 1 || keys.some((key) => key === '' || key === '__proto__'))
    throw new AntiphonError(
      'usage',
      `--set ${JSON.stringify(assignment)}: expected key=value, such as schedule.steps=100`,
    )
  let value: unknown
  try {
    value = parse(assignment.slice(equals + 1))
  } catch (cause) {
    throw new AntiphonError('usage', `--set ${JSON.stringify(assignment)}: its value is no YAML`, { cause })
  }
  let at = fields
  for (const [index, key] of keys.entries()) {
    if (!isContainer(at) || (Array.isArray(at) && !(isIndex(key) && Number(key) <= at.length))) {
      const where = keys.slice(0, index).join('.') || 'the recipe'
      throw new AntiphonError(
        'usage',
        `--set ${JSON.stringify(assignment)}: ${where} has no ${JSON.stringify(key)}`,
      )
    }
    const last = index === keys.length - 1
    if (last) at[key] = value
    else if (!Object.hasOwn(at, key) || at[key] === null) at[key] = isIndex(keys[index + 1]) ? [] : {}
    at = at[key]
  }
}

const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isIndex = (key: string): boolean => /^\d+$/.test(key)
