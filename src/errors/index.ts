/** What kind of thing went wrong; the command line turns it into an exit code. */
export type ErrorCode =
  | 'usage' // a wrong argument, an unknown name, an impossible combination
  | 'failed' // the work could not be done
  | 'file' // one file could not be read or decoded
  | 'shape' // a graph was written with shapes that don't fit
  | 'model' // a model directory is missing, broken or does not compute what its parity file says
  | 'locked' // another process holds the catalog
  | 'space' // vectors of two different spaces would meet
  | 'interrupted' // the user stopped it

/**
 * The one error type. `message` names the value, what was expected and, where there is one, the next step;
 * it is written for the person at the terminal. `cause` keeps the underlying error for `--debug`.
 */
export class AntiphonError extends Error {
  override readonly name = 'AntiphonError'
  readonly code: ErrorCode
  /** Which field of the options that were given says what is wrong, such as `options.width`. */
  readonly field?: string

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; field?: string } = {}) {
    super(message, options)
    this.code = code
    this.field = options.field
  }
}
