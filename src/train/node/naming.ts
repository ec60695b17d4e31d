import { AntiphonError } from '../../errors/index.js'

/** The same work; where it fails by what a recipe's field says, the message begins with the key. */
export async function naming<Result>(key: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof AntiphonError) || error.code === 'interrupted') throw error
    throw new AntiphonError(error.code, `${key}: ${error.message}`, { cause: error })
  }
}
