import type { HubProgress } from '../model/node.js'
import { Bar } from './bar.js'
import { EXIT, type Context, type Output } from './context.js'
import { fetchingView } from './fetching.js'
import { report, run } from './run.js'

/** The context of a real process; what is heavy is loaded when a command asks for it. */
export function systemContext(): Context {
  return {
    stdout: output(process.stdout, process.env),
    stderr: output(process.stderr, process.env),
    env: process.env,
    now: () => performance.now(),
    openCatalog: async ({ device, ...options }) =>
      (await import('../catalog/node.js')).openCatalog({
        ...options,
        openModel: (model, { workers }) =>
          openModel(model, { workers, device, allowDownload: model === options.model }),
      }),
    modelLanguages: async (model) => (await import('./machine.js')).modelLanguages(model),
    machine: {
      onnxRuntime: async () => (await import('./machine.js')).onnxRuntime(),
      decode: async (path, sampleRate) => (await import('./machine.js')).decodeWhole(path, sampleRate),
      checkModel: async (model) => (await import('./machine.js')).checkModel(model),
    },
    interruption,
  }
}

interface OpenOptions {
  readonly workers: number | undefined
  readonly device: string | undefined
  readonly allowDownload: boolean
}

/** Opens a model; one of the hub is fetched only where the user's own command names it. */
async function openModel(model: string, { workers, device, allowDownload }: OpenOptions) {
  const { openModel: open } = await import('../model/node.js')
  const bar = new Bar(output(process.stderr, process.env), () => performance.now())
  const onProgress = (progress: HubProgress): void => bar.update(fetchingView(progress))
  try {
    return await open(model, {
      ...(workers === undefined ? {} : { workers }),
      ...(device === undefined ? {} : { device }),
      pretrained: { allowDownload, onProgress },
    })
  } finally {
    bar.clear()
  }
}

/** Runs the command line of this process and ends it with the exit code. */
export async function runProcess(args: readonly string[], context: Context): Promise<never> {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => process.exit(report(error, args, context)))
  // Children that wait for work don't hold a process; a command that waits for one must not end before it is done.
  const alive = setInterval(() => {}, 2 ** 30)
  const exitCode = await run(args, context)
  clearInterval(alive)
  await Promise.all([flushed(process.stdout), flushed(process.stderr)])
  // Native libraries keep threads that would hold the process for a while; everything is stored and written by now.
  process.exit(exitCode)
}

/** A stream as an output: what a terminal can do, and whether colours are wanted (no-color.org, TERM=dumb). */
export function output(
  stream: NodeJS.WritableStream & { isTTY?: boolean; columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): Output {
  // The reader may have gone (`| head`): the work goes on, what is printed further falls on the floor.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    if (stream !== process.stderr)
      process.stderr.write(`antiphon: The output can't be written: ${error.message}\n`)
    process.exit(EXIT.failed)
  })
  const interactive = stream.isTTY === true && env['TERM'] !== 'dumb'
  return {
    write: (text) => {
      if (stream.writable) stream.write(text)
    },
    interactive,
    get columns() {
      return stream.columns || 80
    },
    colour: interactive && !env['NO_COLOR'],
  }
}

function interruption(): AbortSignal {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted)
    controller.abort()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return controller.signal
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (!stream.writable) resolve()
    else stream.write('', () => resolve())
  })
}
