import { AV_LOG_QUIET } from 'node-av/constants'
import { Log } from 'node-av/lib'
import { changeFile } from './change.js'
import { ParentChannel } from './channel.js'
import { decode } from './decode.js'
import { Unreadable, checkFile } from './open.js'
import { probe } from './probe.js'
import { FrameKind, type Command, type Outcome } from './protocol.js'
import { tags } from './tags.js'

/**
 * The decoder's process: obeys one command after another until its parent closes the pipe. FFmpeg lives here only,
 * so that a file that crashes it costs one process, and so that its GPL-3 build stays apart from Antiphon.
 */
export async function serve(before?: (command: Command) => void): Promise<void> {
  process.on('SIGINT', () => {}) // Ctrl-C is the parent's to handle; the end of the pipe ends this process
  console.log = console.error // standard output carries frames
  Log.setLevel(AV_LOG_QUIET)
  const channel = new ParentChannel()
  channel.send(FrameKind.ready)
  for (;;) {
    const line = channel.readLine()
    if (line === undefined) return
    if (!line.startsWith('{')) continue // MORE and STOP that came after the last block
    const command = JSON.parse(line) as Command
    before?.(command)
    channel.done(await obey(command, channel))
  }
}

async function obey(command: Command, channel: ParentChannel): Promise<Outcome> {
  try {
    switch (command.command) {
      case 'decode':
        await decode(command, channel)
        return {}
      case 'probe':
        return { probe: await probe(command, () => channel.alive()) }
      case 'tags':
        checkFile(command)
        return { tags: await tags(command) }
      case 'change':
        await changeFile(command, () => channel.alive())
        return {}
    }
  } catch (error) {
    if (error instanceof Unreadable)
      return { reason: error.message, ...(error.detail && { detail: error.detail }) }
    throw error
  }
}
