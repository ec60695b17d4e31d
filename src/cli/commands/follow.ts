import { audioExtensions } from '../../audio/index.js'
import type { IndexEvent, IndexSummary } from '../../catalog/index.js'
import { AntiphonError } from '../../errors/index.js'
import { EXIT, type Context } from '../context.js'
import type { IndexOutput } from '../json.js'
import { jsonText, printable } from '../printable.js'
import { Progress, speed } from '../progress.js'
import { styles } from '../style.js'
import { count, span } from '../quantity.js'

export interface FollowOptions {
  readonly events: AsyncIterable<IndexEvent>
  /** The signal that the events' maker listens to. */
  readonly signal: AbortSignal
  readonly json?: boolean
  /** What an interrupted user runs to go on. */
  readonly resume: string
}

/** Shows an indexing run while it happens, prints its summary, and returns its exit code. */
export async function follow(options: FollowOptions, { stdout, stderr, now }: Context): Promise<number> {
  const { warn, bad, dim } = styles(stderr)
  const progress = new Progress(stderr, now)
  const failures: { path: string; reason: string }[] = []
  const notices: string[] = []
  let summary: IndexSummary | undefined

  const stopping = () =>
    progress.say(warn('Stopping: what is under way is being stored. Press Ctrl-C again to end at once.'))
  options.signal.addEventListener('abort', stopping, { once: true })
  try {
    for await (const event of options.events) {
      switch (event.kind) {
        case 'scanned':
          progress.say(event.files > 0 ? dim(scannedText(event)) : warn(nothingFound()))
          break
        case 'progress':
          progress.update(event)
          break
        case 'failed':
          failures.push({ path: event.path, reason: event.reason })
          progress.say(`${bad('failed')} ${printable(event.path)}: ${printable(event.reason)}`)
          break
        case 'notice':
          notices.push(event.message)
          progress.say(`${warn('note')} ${printable(event.message)}`)
          break
        case 'done':
          summary = event.summary
          break
      }
    }
  } finally {
    options.signal.removeEventListener('abort', stopping)
    progress.clear()
  }
  if (summary === undefined) {
    if (options.signal.aborted) throw new AntiphonError('interrupted', `Stopped. ${options.resume}`)
    throw new AntiphonError('failed', 'Indexing ended without a summary.')
  }
  if (options.json) {
    stdout.write(`${jsonText({ ...summary, failures, notices } satisfies IndexOutput)}\n`)
  } else {
    stdout.write(summaryText(summary))
  }
  if (summary.interrupted) {
    stderr.write(`${warn('Stopped.')} What is done is kept and searchable. ${options.resume}\n`)
    return EXIT.interrupted
  }
  return summary.failed > 0 ? EXIT.someFilesFailed : EXIT.done
}

function scannedText({ files, toEmbed, unchanged }: Extract<IndexEvent, { kind: 'scanned' }>): string {
  const numbers = `${toEmbed.toLocaleString('en')} to read, ${unchanged.toLocaleString('en')} unchanged`
  return `${count(files, 'audio file')} found: ${numbers}`
}

function nothingFound(): string {
  const known = audioExtensions.map((extension) => extension.slice(1)).join(', ')
  return `No audio files found. Antiphon reads files that end in ${known}.`
}

function summaryText(summary: IndexSummary): string {
  const { embedded, audioSeconds, elapsedSeconds, tracks, moments, failed } = summary
  const others = [
    [summary.shared, 'equal to known audio'],
    [summary.moved, 'moved'],
    [summary.retagged, 'with new tags'],
    [summary.unchanged, 'unchanged'],
    [summary.removed, 'gone'],
    [failed, 'failed'],
  ] as const
  const rest = others.filter(([n]) => n > 0).map(([n, what]) => `, ${n.toLocaleString('en')} ${what}`)
  const pace = embedded > 0 && elapsedSeconds > 0 ? ` (${speed(audioSeconds, elapsedSeconds)} real time)` : ''
  const read = embedded > 0 ? `${span(audioSeconds)} of music in ${span(elapsedSeconds)}${pace}.\n` : ''
  return (
    `${count(embedded, 'track')} indexed${rest.join('')}.\n${read}` +
    `The catalog holds ${count(tracks, 'track')} and ${count(moments, 'moment')}.\n`
  )
}
