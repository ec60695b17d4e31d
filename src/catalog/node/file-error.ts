import { AntiphonError } from '../../errors/index.js'

/** An error that costs one file only, with its reason in words. */
export type FileError = AntiphonError & { readonly reason: string }

export function fileError(path: string, reason: string): FileError {
  return Object.assign(new AntiphonError('file', `Could not read "${path}": ${reason}`), { reason })
}

export function isFileError(error: unknown): error is FileError {
  return error instanceof AntiphonError && error.code === 'file'
}
