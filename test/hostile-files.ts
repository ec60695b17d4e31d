import { execFileSync, spawnSync } from 'node:child_process'
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeAudio, formats, tune, type EncodeJob } from './audio-files.js'
import { wav } from './wav.js'

export interface HostileFile {
  /** As a program would get it from a directory listing. */
  readonly path: string
  /** What is wrong with it. */
  readonly why: string
  /** It looks strange but holds audio that must be decoded. */
  readonly good: boolean
  /** What the reason must say where it is not good. */
  readonly reason: RegExp
}

const SECONDS = 4
const RATE = 22050

/** Encoders' names of the formats that are broken below, with a length that their header promises. */
const jobs = (dir: string): EncodeJob[] => [
  ...formats
    .filter(({ extension }) => extension !== 'aac')
    .map(({ extension, format, codec, sampleRate, sampleFormat }) => ({
      path: join(dir, `whole.${extension}`),
      format,
      codec,
      sampleFormat,
      sampleRate: sampleRate === 48000 ? 24000 : RATE,
    })),
  {
    path: join(dir, 'whole.faststart.m4a'),
    format: 'ipod',
    codec: 'aac',
    sampleRate: RATE,
    muxer: { movflags: 'faststart' },
  },
  {
    path: join(dir, 'whole.noxing.mp3'),
    format: 'mp3',
    codec: 'libmp3lame',
    sampleRate: RATE,
    muxer: { write_xing: '0' },
  },
  { path: join(dir, 'whole.float.wav'), format: 'wav', codec: 'pcm_f32le', sampleRate: RATE },
]

/** Pseudo-random bytes, the same every time. */
function noise(length: number, seed: number): Buffer {
  let state = seed
  return Buffer.from(
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state >>> 24
    }),
  )
}

const box = (type: string, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(body.length + 8, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}

function floats(count: number, value: (n: number) => number): Buffer {
  return Buffer.from(Float32Array.from({ length: count }, (_, n) => value(n)).buffer)
}

/** Sets every byte after `from` that `pick` chooses to noise. */
function corrupt(whole: Buffer, from: number, every: number, seed: number): Buffer {
  const out = Buffer.from(whole)
  const bytes = noise(out.length, seed)
  for (let i = from; i < out.length; i += every) out[i] = bytes[i]
  return out
}

function replaceAscii(whole: Buffer, from: string, to: string): Buffer {
  return Buffer.from(whole.toString('latin1').replaceAll(from, to), 'latin1')
}

function patched(whole: Buffer, patch: (bytes: Buffer) => void): Buffer {
  const out = Buffer.from(whole)
  patch(out)
  return out
}

/**
 * Writes files of which each would break a careless program: more than 60 bad ones, and some strange good ones.
 * `skip` is told of what this machine can't produce.
 */
export async function makeHostileFiles(
  dir: string,
  { skip = (what: string) => console.warn(`SKIPPED: ${what}`) }: { skip?: (what: string) => void } = {},
): Promise<HostileFile[]> {
  const wholeDir = join(dir, '.whole')
  await mkdir(wholeDir, { recursive: true })
  const list = jobs(wholeDir)
  const signals = new Map([RATE, 24000].map((rate) => [rate, [tune(SECONDS, rate, 3)]]))
  await encodeAudio(list.map((job) => ({ ...job, channels: signals.get(job.sampleRate)! })))
  const whole = new Map<string, Buffer>()
  for (const { path } of list) whole.set(path.slice(join(wholeDir, 'whole.').length), await readFile(path))
  const of = (extension: string): Buffer => whole.get(extension)!

  const files: HostileFile[] = []
  const write = async (name: string, bytes: Buffer | string, why: string, reason: RegExp | 'good') => {
    const path = join(dir, name)
    await writeFile(path, bytes)
    files.push({ path, why, good: reason === 'good', reason: reason === 'good' ? /^$/ : reason })
  }

  const NOT_AUDIO = /^not audio/
  const DAMAGED = /^(damaged|truncated|no sound|no audio|not audio)/

  await write('empty.mp3', '', 'empty', /^empty file$/)
  await write('empty.flac', '', 'empty', /^empty file$/)
  for (const [seed, extension] of ['mp3', 'wav', 'flac', 'ogg', 'm4a', 'wma', 'aiff', 'opus'].entries()) {
    await write(`random.${extension}`, noise(60_000, seed + 1), 'random bytes', DAMAGED)
  }
  await write('one-byte.mp3', 'x', 'one byte', NOT_AUDIO)
  await write('zeros.mp3', Buffer.alloc(100_000), 'zeros', NOT_AUDIO)
  await write(
    'letter.mp3',
    'Dear Ann,\nthe record is lost.\n'.repeat(400),
    'text renamed',
    /^not audio \(text\)$/,
  )
  await write(
    'page.ogg',
    '<!doctype html><p>404 Not Found</p>'.repeat(50),
    'a web page renamed',
    /^not audio \(text\)$/,
  )
  await write('data.wav', JSON.stringify({ a: [1, 2, 3] }).repeat(99), 'JSON renamed', /^not audio \(text\)$/)

  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  await write('cover.mp3', png, 'a PNG image renamed', /^not audio \(an image\)$/)
  await write(
    'photo.flac',
    Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), noise(9000, 5)]),
    'a JPEG image renamed',
    NOT_AUDIO,
  )
  await write(
    'anim.wav',
    Buffer.concat([Buffer.from('GIF89a'), noise(9000, 6)]),
    'a GIF image renamed',
    NOT_AUDIO,
  )
  await write('booklet.mp3', `%PDF-1.4\n${'x'.repeat(5000)}`, 'a PDF renamed', NOT_AUDIO)
  await write(
    'album.mp3',
    Buffer.concat([Buffer.from('PK\x03\x04'), noise(9000, 7)]),
    'a ZIP archive renamed',
    NOT_AUDIO,
  )
  await write(
    'program.mp3',
    Buffer.concat([Buffer.from('\x7fELF'), noise(9000, 8)]),
    'a program renamed',
    NOT_AUDIO,
  )
  await write(
    'notes.mp3',
    Buffer.from('4d546864000000060000000100604d54726b00000004 00ff2f00'.replace(' ', ''), 'hex'),
    'MIDI renamed',
    NOT_AUDIO,
  )

  // Lists that would make FFmpeg open other files.
  const inside = join(dir, '.whole', 'whole.wav')
  await write(
    'list.mp3',
    `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${inside}\n#EXT-X-ENDLIST\n`,
    'an HLS playlist renamed',
    NOT_AUDIO,
  )
  await write(
    'net.mp3',
    '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n',
    'an HLS playlist of an address',
    NOT_AUDIO,
  )
  await write('script.mp3', `ffconcat version 1.0\nfile '${inside}'\n`, 'a concat script renamed', NOT_AUDIO)
  await write(
    'dash.m4a',
    `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period/></MPD>`,
    'a DASH manifest renamed',
    NOT_AUDIO,
  )
  await write(
    'disc.flac',
    `FILE "${inside}" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n`,
    'a cue sheet renamed',
    NOT_AUDIO,
  )
  await write(
    'session.mp3',
    'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n',
    'an SDP session renamed',
    NOT_AUDIO,
  )

  // Cut off.
  for (const [extension, bytes] of whole) {
    if (extension === 'noxing.mp3' || extension === 'float.wav') continue
    await write(
      `half.${extension}`,
      bytes.subarray(0, bytes.length >> 1),
      `${extension} cut in the middle`,
      /^(truncated|damaged)/,
    )
    await write(
      `head.${extension}`,
      bytes.subarray(0, 100),
      `${extension}, only its first 100 bytes`,
      DAMAGED,
    )
  }
  await write(
    'half.noxing.mp3',
    of('noxing.mp3').subarray(0, of('noxing.mp3').length >> 1),
    "an mp3 that promises no length, cut: it can't be known",
    'good',
  )
  await write(
    'most.flac',
    of('flac').subarray(0, Math.floor(of('flac').length * 0.9)),
    'flac without its last tenth',
    /^truncated: 3\.\d s of 4\.0 s could be decoded$/,
  )
  await write(
    'tag-only.mp3',
    Buffer.concat([Buffer.from('ID3\x03\0\0\0\0\x10\0', 'latin1'), Buffer.alloc(2048)]),
    'an ID3 tag and nothing behind',
    DAMAGED,
  )
  await write(
    'tag-huge.mp3',
    Buffer.from('ID3\x04\0\0\x7f\x7f\x7f\x7fTIT2', 'latin1'),
    'an ID3 tag of 256 MB in 14 bytes',
    DAMAGED,
  )

  // Headers that lie.
  const pcm = of('wav').subarray(-RATE * 2 * 2)
  await write('lies-4gb.wav', wav(pcm, { dataSize: 0xffffffff }), 'a wav from a pipe: 4 GB announced', 'good')
  await write('lies-1gb.wav', wav(pcm, { dataSize: 1 << 30 }), 'a wav with 1 GB announced', /^truncated/)
  await write('no-rate.wav', wav(pcm, { rate: 0 }), 'sample rate 0', /Hz|^(not audio|damaged)/)
  await write('slow.wav', wav(pcm, { rate: 1 }), 'sample rate 1', /sample rate of 1 Hz/)
  await write('fast.wav', wav(pcm, { rate: 0x7fffffff }), 'sample rate 2 GHz', /Hz|^(not audio|damaged)/)
  await write(
    'no-channels.wav',
    wav(pcm, { channels: 0, blockAlign: 2 }),
    '0 channels',
    /channels|^(not audio|damaged)/,
  )
  await write('255-channels.wav', wav(pcm, { channels: 255 }), '255 channels', /255 channels/)
  await write(
    '65535-channels.wav',
    wav(pcm, { channels: 65535 }),
    '65535 channels',
    /channels|^(not audio|damaged)/,
  )
  await write('no-bits.wav', wav(pcm, { bits: 0, blockAlign: 0 }), '0 bits a sample', /./)
  await write(
    'no-codec.wav',
    wav(pcm, { tag: 0x1234 }),
    'a codec that does not exist',
    /^unsupported codec|^damaged/,
  )
  await write(
    'no-samples.wav',
    wav(Buffer.alloc(0)),
    'a header and no samples',
    /^no sound|^damaged|^not audio/,
  )
  await write('no-data.wav', wav(pcm).subarray(0, 36), 'no data chunk', DAMAGED)
  await write('odd-size.wav', wav(pcm.subarray(0, -1)), 'half a sample at the end', 'good')
  const flac = of('flac')
  await write(
    'lies.flac',
    patched(flac, (b) => b.writeUInt32BE(0xffffffff, 22)),
    'total samples 2^36',
    /^truncated/,
  )
  await write('broken.flac', corrupt(flac, 5000, 7, 9), 'all frames damaged', /^(damaged|truncated)/)
  await write(
    'no-rate.flac',
    patched(flac, (b) => b.fill(0, 18, 21)),
    'sample rate 0',
    'good',
  )
  const ogg = of('ogg')
  await write(
    'crc.ogg',
    patched(ogg, (b) => {
      for (let at = b.indexOf('OggS', 60); at > 0; at = b.indexOf('OggS', at + 4)) b[at + 22] ^= 0xff
    }),
    'wrong checksums on all pages but the first',
    DAMAGED,
  )
  await write('broken.ogg', corrupt(ogg, 4500, 11, 10), 'all packets damaged', DAMAGED)
  await write('codebook.ogg', corrupt(ogg, 100, 5, 11), 'headers damaged', DAMAGED)
  const m4a = of('m4a')
  const fast = of('faststart.m4a')
  await write(
    'silent-video.m4a',
    replaceAscii(replaceAscii(m4a, 'soun', 'vide'), 'mp4a', 'mp4v'),
    'an mp4 without an audio track',
    /^no audio in it|^damaged/,
  )
  await write('no-index.m4a', replaceAscii(m4a, 'moov', 'xxxx'), 'an mp4 without its index', DAMAGED)
  await write(
    'huge-box.m4a',
    patched(fast, (b) => b.writeUInt32BE(0x7fffffff, b.indexOf('stbl') - 4)),
    'a box of 2 GB',
    'good',
  )
  await write(
    'tiny-box.m4a',
    patched(fast, (b) => b.writeUInt32BE(1, b.indexOf('trak') - 4)),
    'a box smaller than its head',
    DAMAGED,
  )
  await write(
    'samples.m4a',
    patched(fast, (b) => b.writeUInt32BE(0xffffffff, b.indexOf('stsz') + 12)),
    'four thousand million samples announced',
    /./,
  )
  await write(
    'chunks.m4a',
    patched(fast, (b) => b.writeUInt32BE(0x0fffffff, b.indexOf('stco') + 8)),
    '268 million chunks announced',
    'good',
  )
  await write(
    'deep.m4a',
    (() => {
      let nested = box('free')
      for (let i = 0; i < 2000; i++) nested = box('moov', nested)
      return Buffer.concat([box('ftyp', Buffer.from('M4A \0\0\0\0')), nested])
    })(),
    'boxes nested 2000 deep',
    DAMAGED,
  )
  await write(
    'zero-boxes.m4a',
    Buffer.concat([box('ftyp', Buffer.from('M4A \0\0\0\0')), Buffer.alloc(80_000)]),
    'boxes of length 0',
    DAMAGED,
  )
  const aiff = of('aiff')
  const comm = aiff.indexOf('COMM') + 8
  await write(
    'no-rate.aiff',
    patched(aiff, (b) => b.fill(0, comm + 8, comm + 18)),
    'sample rate 0',
    /Hz|^(not audio|damaged)/,
  )
  await write(
    'no-channels.aiff',
    patched(aiff, (b) => b.writeUInt16BE(0, comm)),
    '0 channels',
    /channels|^(not audio|damaged)/,
  )
  const wma = of('wma')
  await write('broken.wma', corrupt(wma, 40, 13, 12), 'header damaged', DAMAGED)
  await write(
    'sizes.wma',
    patched(wma, (b) => b.fill(0xff, 16, 24)),
    'a header of 2^64 bytes',
    'good',
  )
  await write('broken.mka', corrupt(of('mka'), 200, 17, 13), 'damaged everywhere', DAMAGED)
  await write('broken.mp3', corrupt(of('mp3'), 600, 3, 14), 'damaged everywhere', DAMAGED)
  await write('broken.opus', corrupt(of('opus'), 300, 9, 15), 'damaged everywhere', /./)
  await write('broken.wv', corrupt(of('wv'), 40, 9, 16), 'damaged everywhere', DAMAGED)

  // Numbers that are none.
  const tone = (n: number) => 0.3 * Math.sin(n / 9)
  await write(
    'nan.wav',
    wav(
      floats(RATE * 2, (n) => (n % 5000 === 7 ? NaN : tone(n))),
      { tag: 3, bits: 32 },
    ),
    'a float wav with some NaN',
    'good',
  )
  await write(
    'inf.wav',
    wav(
      floats(RATE * 2, (n) => (n % 5000 === 7 ? (n % 2 ? 1 : -1) * Infinity : tone(n))),
      { tag: 3, bits: 32 },
    ),
    'a float wav with infinities',
    'good',
  )
  await write(
    'all-nan.wav',
    wav(
      floats(RATE * 2, () => NaN),
      { tag: 3, bits: 32 },
    ),
    'a float wav of nothing but NaN',
    /not numbers/,
  )
  await write(
    'huge.wav',
    wav(
      floats(RATE * 2, (n) => tone(n) * 3e38),
      { tag: 3, bits: 32 },
    ),
    'a float wav at the end of float32',
    /not numbers/,
  )

  // Not files.
  const put = (name: string, why: string, reason: RegExp) =>
    files.push({ path: join(dir, name), why, good: false, reason })
  await mkdir(join(dir, 'folder.mp3'), { recursive: true })
  put('folder.mp3', 'a folder named like a file', /folder/)
  await symlink(join(dir, 'nowhere.mp3'), join(dir, 'broken-link.mp3'))
  put('broken-link.mp3', 'a symbolic link to nothing', /symbolic link/)
  await symlink(join(dir, 'circle.mp3'), join(dir, 'circle.mp3'))
  put('circle.mp3', 'a symbolic link to itself', /circle/)
  await symlink('/dev/zero', join(dir, 'zero.wav'))
  put('zero.wav', 'a link to an endless device', /device/)
  try {
    execFileSync('mkfifo', [join(dir, 'pipe.mp3')])
    put('pipe.mp3', 'a named pipe that nobody writes to', /named pipe/)
  } catch (error) {
    skip(`a named pipe: ${String(error)}`)
  }
  try {
    leaveSocket(join(dir, 's.mp3'))
    put('s.mp3', 'a socket', /socket/)
  } catch (error) {
    skip(`a socket: ${String(error)}`)
  }
  if (process.getuid?.() === 0) skip('a file without permission: root may read everything')
  else {
    await writeFile(join(dir, 'secret.mp3'), of('mp3'), { mode: 0 })
    put('secret.mp3', 'no permission to read', /^permission denied$/)
  }

  // Names.
  const flacName = async (name: string, why: string) => {
    try {
      await copyFile(join(wholeDir, 'whole.flac'), join(dir, name))
      files.push({ path: join(dir, name), why, good: true, reason: /^$/ })
    } catch (error) {
      skip(`${why}: ${String(error)}`)
    }
  }
  await flacName('really-flac.mp3', 'a flac named .mp3')
  await flacName('no-extension', 'no extension')
  await flacName('line\nbreak.flac', 'a line break in its name')
  await flacName('\u001b[31mred\u0007.flac', 'escape sequences in its name')
  await flacName('\u202egnp.flac', 'a right-to-left mark in its name')
  await flacName('-i --help.flac', 'a name like an option')
  await flacName(`"quotes' and $(id) \`id\`.flac`, 'quotes and shell syntax in its name')
  await flacName('concat:a.flac|b.flac', 'a name like an FFmpeg protocol')
  await flacName('%d %s %n.flac', 'a name like a format string')
  await flacName(`${'ä'.repeat(125)}.flac`, 'a name of 255 bytes')
  await flacName('🎻 ​ .flac', 'emoji and invisible characters in its name')
  await mkdir(join(dir, 'http:', 'example.org'), { recursive: true })
  await flacName(join('http:', 'example.org', 'a.flac'), 'a path like an address')
  try {
    await copyFile(
      join(wholeDir, 'whole.flac'),
      Buffer.concat([Buffer.from(`${dir}/`), Buffer.from([0xff, 0xfe, 0x41]), Buffer.from('.flac')]),
    )
    put('\uFFFD\uFFFDA.flac', 'a name that is not UTF-8', /not valid UTF-8/)
  } catch (error) {
    skip(`a name that is not UTF-8: ${String(error)}`)
  }
  return files
}

/** A socket's file stays when its process is killed. */
function leaveSocket(path: string): void {
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  const { signal, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
  if (signal !== 'SIGKILL') throw new Error(stderr)
}
