import { AntiphonError } from '../errors/index.js'

/** One audio file could not be read. `reason` is for people, without the path: `truncated: 12 s of 180 s could be decoded`. */
export class AudioFileError extends AntiphonError {
  readonly path: string
  readonly reason: string

  constructor(path: string, reason: string, options: { cause?: unknown } = {}) {
    super('file', `Could not read ${JSON.stringify(path)}: ${reason}`, options)
    this.path = path
    this.reason = reason
  }
}
