import { AntiphonError } from '../../errors/index.js'

/** What went wrong with a catalog's files, in words. Errors that are in words already stay as they are. */
export function storeError(error: unknown, dir: string): Error {
  if (error instanceof AntiphonError) return error
  const message = error instanceof Error ? error.message : String(error)
  const code = (error as NodeJS.ErrnoException | null)?.code
  const say = (text: string): AntiphonError => new AntiphonError('failed', text, { cause: error })
  if (
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    /no space left|disk quota exceeded|os error 28\b/i.test(message)
  )
    return say(
      `The disk of the catalog ${dir} is full. What was stored is whole: make room and run the same command again`,
    )
  if (code === 'EROFS' || /read-only file system|os error 30\b/i.test(message))
    return say(
      `The catalog ${dir} is on a read-only disk: it can be searched, not changed. Name another with --catalog DIR`,
    )
  if (code === 'EACCES' || code === 'EPERM' || /permission denied|os error 13\b/i.test(message))
    return say(`No permission to change the catalog ${dir}: ${firstLine(message)}`)
  return say(`The catalog ${dir} could not be used: ${firstLine(message)}`)
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]
}
