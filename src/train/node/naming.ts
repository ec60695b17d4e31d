import { AntiphonError } from '../../errors/index.js'
import { RecipeError } from '../recipe-error.js'

/** The same work; where it fails by what a recipe's field says, the error names the field, or the one below it that went wrong. */
export async function naming<Result>(field: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof AntiphonError) || error.code === 'interrupted') throw error
    const whole = error.field === undefined ? field : `${field}.${error.field}`
    throw new RecipeError(whole, error.message, { code: error.code, cause: error })
  }
}
