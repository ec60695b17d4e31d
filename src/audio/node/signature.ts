import { closeSync, openSync, readSync } from 'node:fs'
import type { AudioFile } from './protocol.js'

/** What a file says it is in its first bytes, where FFmpeg finds no audio in it: for the reason given, no more. */
const SIGNATURES: readonly (readonly [bytes: string, at: number, name: string, audio: boolean])[] = [
  ['fLaC', 0, 'FLAC', true],
  ['OggS', 0, 'Ogg', true],
  ['WAVE', 8, 'WAV', true],
  ['AIFF', 8, 'AIFF', true],
  ['AIFC', 8, 'AIFF', true],
  ['ftyp', 4, 'MP4', true],
  ['ID3', 0, 'MP3', true],
  ['\x30\x26\xb2\x75\x8e\x66\xcf\x11', 0, 'WMA', true],
  ['\x1a\x45\xdf\xa3', 0, 'Matroska', true],
  ['wvpk', 0, 'WavPack', true],
  ['MAC ', 0, "Monkey's Audio", true],
  ['\x89PNG', 0, 'an image', false],
  ['\xff\xd8\xff', 0, 'an image', false],
  ['GIF8', 0, 'an image', false],
  ['WEBP', 8, 'an image', false],
  ['BM', 0, 'an image', false],
  ['%PDF', 0, 'a PDF document', false],
  ['PK\x03\x04', 0, 'a ZIP archive', false],
  ['\x1f\x8b', 0, 'a compressed archive', false],
  ['Rar!', 0, 'an archive', false],
  ['\x7fELF', 0, 'a program', false],
  ['MZ', 0, 'a program', false],
  ['MThd', 0, 'MIDI: notes, not sound', false],
]

/** The reason for a file that FFmpeg can't open: what it is instead, or what it was meant to be. */
export function whyNotAudio(audio: AudioFile): string {
  const head = firstBytes(audio)
  if (head === undefined) return 'the disk could not be read'
  const found = SIGNATURES.find(([bytes, at]) => head.startsWith(bytes, at))
  if (found?.[3]) return `damaged or cut off: it begins as ${found[2]}, but no audio is found in it`
  if (found) return `not audio (${found[2]})`
  if (/^[\t\n\r\x1b -~\x80-\xff]+$/.test(head) && head.replace(/[^ -~\s]/g, '').length > head.length * 0.7) {
    return 'not audio (text)'
  }
  return 'not audio, or damaged at its start'
}

function firstBytes({ path, bytes: [from, to] = [0, Infinity] }: AudioFile): string | undefined {
  const bytes = Buffer.alloc(Math.min(512, to - from))
  try {
    const file = openSync(path, 'r')
    try {
      return bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, from))
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}
