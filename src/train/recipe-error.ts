import { AntiphonError, type ErrorCode } from '../errors/index.js'

/** What a field of a recipe says can't be done, as is seen only once files are read and towers are made. */
export class RecipeError extends AntiphonError {
  /** @param field such as `audio.pretrained` */
  constructor(
    override readonly field: string,
    message: string,
    { code = 'usage', cause }: { readonly code?: ErrorCode; readonly cause?: unknown } = {},
  ) {
    super(code, `${field}: ${message}`, { cause })
  }
}
