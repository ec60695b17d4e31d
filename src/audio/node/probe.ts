import { createHash } from 'node:crypto'
import { AVERROR_EOF, AV_NOPTS_VALUE } from 'node-av/constants'
import { Packet } from 'node-av/lib'
import type { AudioProbe } from '../track.js'
import { Unreadable, openAudio } from './open.js'
import type { AudioFile } from './protocol.js'
import { turn } from './turn.js'

/** Reads all packets of a file's audio without decoding them. Throws `Unreadable`. */
export async function probe(audio: AudioFile, alive: () => void): Promise<AudioProbe> {
  const { format, stream, codec, channels, sampleRate, promised } = openAudio(audio)
  const packet = new Packet()
  packet.alloc()
  try {
    const hash = createHash('sha256').update(`${codec} ${sampleRate} ${channels}\n`)
    let summed = 0n
    let first: bigint | undefined
    let last = 0n
    let packets = 0
    let reads = 0
    for (;;) {
      const read = format.readFrameSync(packet)
      if (read < 0) {
        if (read === AVERROR_EOF || packets > 0) break
        throw new Unreadable('damaged: none of its packets could be read')
      }
      if (packet.streamIndex === stream.index) {
        packets++
        const { pts } = packet
        // FFmpeg trims the end of short Ogg files by a negative length, which comes as an unsigned one of 32 bits.
        const duration = BigInt.asIntN(32, packet.duration)
        if (duration > 0n) summed += duration
        if (pts !== AV_NOPTS_VALUE) {
          first ??= pts
          if (pts + duration > last) last = pts + duration
        }
        if (packet.data) hash.update(packet.data)
      }
      packet.unref()
      alive()
      await turn(++reads)
    }
    if (packets === 0) throw new Unreadable('no sound in it: it ends after its header')
    const { num, den } = stream.timeBase
    // Ogg and Matroska leave some packets without a length, FLAC can start its times anew.
    const spanned = first === undefined ? 0n : last - first
    const units = spanned > summed ? spanned : summed
    const counted = (Number(units) * num) / den
    // The header knows of the encoder's delay and padding, the packets know what is there.
    const duration = promised !== undefined && Math.abs(promised - counted) < 0.5 ? promised : counted
    return { content: hash.digest('hex'), duration, codec, channels, sampleRate }
  } finally {
    packet.free()
    format.closeInputSync()
  }
}
