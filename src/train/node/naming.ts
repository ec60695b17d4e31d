import { AntiphonError } from '../../errors/index.js'
import { RecipeError } from '../recipe-error.js'

/** The same work; where it fails by what a recipe's field says, the error names the field. */
export async function naming<Result>(field: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    throw blaming(field, error)
  }
}

/** The same error, of a recipe's field, or of the one below it that it names itself. */
export function blaming(field: string, error: unknown): unknown {
  if (!(error instanceof AntiphonError) || error.code === 'interrupted') return error
  const whole = error.field === undefined ? field : `${field}.${error.field}`
  return new RecipeError(whole, error.message, { code: error.code, cause: error })
}
