import { CommanderError } from 'commander'
import { AntiphonError, type ErrorCode } from '../errors/index.js'
import { EXIT, type Context } from './context.js'
import { printable } from './printable.js'
import { program } from './program.js'

const EXIT_OF: Readonly<Record<ErrorCode, number>> = {
  usage: EXIT.usage,
  failed: EXIT.failed,
  file: EXIT.failed,
  shape: EXIT.failed,
  model: EXIT.failed,
  locked: EXIT.locked,
  space: EXIT.space,
  interrupted: EXIT.interrupted,
}

/** One call of the command line, without the process around it. Returns the exit code; never throws. */
export async function run(args: readonly string[], context: Context): Promise<number> {
  let exitCode: number = EXIT.done
  try {
    const root = program(context, (code) => (exitCode = code))
    if (args.length === 0) {
      context.stderr.write(root.helpInformation())
      return EXIT.usage
    }
    await root.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    return report(error, args, context)
  }
}

/** Says what went wrong on stderr, with a stack trace only for --debug. Returns the exit code. */
export function report(error: unknown, args: readonly string[], context: Context): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done // --help, --version
    return say(`${sentence(error.message.replace(/^error: /, ''))} See "antiphon --help".`, EXIT.usage)
  }
  if (args.includes('--debug')) {
    context.stderr.write(`${stack(error)}\n`)
    return error instanceof AntiphonError ? EXIT_OF[error.code] : EXIT.failed
  }
  if (error instanceof AntiphonError) return say(error.message, EXIT_OF[error.code])
  return say(unexpected(error), EXIT.failed)

  function say(message: string, code: number): number {
    context.stderr.write(`antiphon: ${printable(message.trim().replace(/\s*\n\s*/g, ' '))}\n`)
    return code
  }
}

/** What the operating system says, with what to do about it; for the rest, how to learn more. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space, then run the same command again.',
  EDQUOT: 'Your disk quota is used up: free some space, then run the same command again.',
  EACCES: 'Permission is missing: check who owns the path.',
  EPERM: 'The system does not permit it: check who owns the path.',
  EROFS: 'The file system is read-only: choose another place with --catalog DIR.',
  EMFILE: 'Too many files are open: raise the limit with "ulimit -n 4096".',
}

function unexpected(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const advice = ADVICE[(error as NodeJS.ErrnoException | null)?.code ?? '']
  return `${sentence(message)} ${advice ?? 'This was not expected: run it again with --debug to see where it happens.'}`
}

function sentence(text: string): string {
  const trimmed = text.trim()
  return /[.?!)]$/.test(trimmed) ? trimmed : `${trimmed}.`
}

function stack(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error))
  const lines = (error.stack ?? error.message).split('\n').map(printable).join('\n')
  return error.cause === undefined ? lines : `${lines}\nCaused by: ${stack(error.cause)}`
}
