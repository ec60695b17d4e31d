import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../../random/index.js'
import { INSTRUMENTS, instrument } from '../composer/instruments.js'
import { compose } from '../composer/piece.js'
import { STYLES } from '../composer/styles/index.js'
import { TEXT_KINDS } from '../pair.js'
import { decade, planRecording, recordingWords, ROOM_WORDS } from './era.js'
import type { WorldArtist, WorldTrack } from './facts.js'
import { drawManner } from './manner.js'
import { worldTexts, worldVoices, type Voiced } from './texts.js'

const TRACKS = 2000

/** Facts of composed pieces, recorded in any decade. */
function made(index: number): { track: WorldTrack; artist: WorldArtist } {
  const style = STYLES[index % STYLES.length]
  const variant = Math.floor(index / STYLES.length)
  const { info, score } = compose(style, { seed: 5, variant })
  const random = new Random(`made ${index}`)
  const manner = drawManner(new Random(info.artist))
  const year = random.int(1930, 2025)
  const { brightness, room, drive } = manner
  const recording = planRecording({ year, loFi: random.chance(0.1), brightness, room, drive }, random)
  const instruments = info.instruments.map((name) => {
    const parts = score.parts.filter((part) => instrument(part.instrument).name === name)
    return { name, family: instrument(parts[0].instrument).family, count: parts.length }
  })
  const track: WorldTrack = {
    ...info,
    id: `piece-${index}`,
    album: `Letters from ${random.pick(['Ostende', 'Nowhere', 'the Sea'])}`,
    year,
    number: 1 + (index % 11),
    styleName: style.name,
    instruments,
    voices: instruments.some(({ family }) => family === 'voice'),
    production: { era: decade(year), room: random.pick(ROOM_WORDS), words: recordingWords(recording) },
    details: [info.caption.split('. ').slice(1).join('. ').replace(/\.$/, '')].filter((said) => said !== ''),
  }
  const years = [year - random.int(0, 9), year + random.int(0, 9)] as const
  const artist = {
    name: info.artist,
    styles: [{ id: style.id, share: 1 }],
    manner,
    instruments: [instruments[0].name],
    years,
  }
  return { track, artist }
}

const world = Array.from({ length: TRACKS }, (_, i) => made(i))
const voices = world.map(({ track, artist }, i) => worldVoices(track, artist, new Random(`texts ${i}`)))
const all = (kind?: string): Voiced[] =>
  voices.flat().filter((voice) => kind === undefined || voice.kind === kind)

test('every kind of text is there, names as given, the same for a seed', () => {
  const { track, artist } = world[7]
  const texts = worldTexts(track, artist, new Random(3))
  assert.deepEqual(new Set(texts.map(({ kind }) => kind)), new Set(TEXT_KINDS))
  assert.deepEqual(texts, worldTexts(track, artist, new Random(3)))
  assert.notDeepEqual(texts, worldTexts(track, artist, new Random(4)))
  for (const [kind, value] of Object.entries({
    title: track.title,
    artist: track.artist,
    album: track.album,
  }))
    assert.deepEqual(
      texts.filter((text) => text.kind === kind).map((text) => text.value),
      [value],
    )
  assert.deepEqual(
    texts.filter(({ kind }) => kind === 'tag').map(({ value }) => value),
    track.tags,
  )
  for (const said of voices) {
    const captions = said.filter(({ kind }) => kind === 'caption')
    assert.ok(captions.length === 2 || captions.length === 3)
    assert.equal(new Set(said.map(({ text }) => text)).size, said.length)
  }
})

test('captions are hardly ever alike, and no way of saying it is the most of them', () => {
  for (const [kind, mostAlike, mostOfOne] of [
    ['caption', 0.01, 0.01],
    ['review', 0.01, 0.01],
    ['article', 0.01, 0.01],
    ['situation', 1, 0.05],
    ['comment', 1, 0.03],
  ] as const) {
    const said = all(kind)
    const alike = 1 - new Set(said.map(({ text }) => text)).size / said.length
    const ways = new Map<string, number>()
    for (const { skeleton } of said) ways.set(skeleton, (ways.get(skeleton) ?? 0) + 1)
    const [way, most] = [...ways].reduce((best, next) => (next[1] > best[1] ? next : best))
    assert.ok(alike < mostAlike, `${kind}: ${alike} alike`)
    assert.ok(most / said.length < mostOfOne, `${kind}: ${most} of ${said.length} are "${way}"`)
    assert.ok(ways.size > (kind === 'situation' ? 200 : 400), `${kind}: ${ways.size} ways`)
  }
})

const NAMES = [...new Set(Object.values(INSTRUMENTS).map(({ name }) => name))]
const DRUMS = new Set(['drums', 'percussion'])

test('what is said of the sound is true', () => {
  let checked = 0
  for (const [i, { track, artist }] of world.entries()) {
    const { instruments, details, key, bpm } = track
    const heard = [
      ...instruments.map(({ name }) => name),
      ...details,
      ...artist.instruments,
      track.title,
      track.styleName,
      ...track.tags,
    ]
      .join(' / ')
      .toLowerCase()
    for (const { kind, text } of voices[i]) {
      const told = details.reduce(
        (rest, detail) => rest.replaceAll(new RegExp(escaped(detail), 'gi'), ''),
        text,
      )
      for (const name of NAMES)
        if (
          new RegExp(`(?<![\\w-])${escaped(name)}(?![\\w-])`, 'i').test(told) &&
          !/no one|without|^no |\bno /i.test(told)
        ) {
          assert.ok(heard.includes(name.toLowerCase()), `${name} in ${kind}: ${text}`)
          checked++
        }
      if (kind === 'comment') continue
      for (const [said] of told.matchAll(
        /\b[A-G](?: flat| sharp)? (?:major|minor|dorian|phrygian|lydian|mixolydian)\b/g,
      ))
        assert.equal(said, key)
      for (const [, said] of told.matchAll(/(\d+) (?:bpm|beats)/g)) assert.equal(Number(said), bpm)
      if (/\b(no|without) (\w+ or )?drums/.test(told))
        assert.ok(!instruments.some(({ family }) => DRUMS.has(family)), `${track.style}: ${text}`)
      if (/\bno (\w+ or )?vocals|instrumental|nobody sings|no one sings/i.test(told))
        assert.ok(!track.voices, text)
    }
  }
  assert.ok(checked > 5000, `${checked} names of instruments`)
})

test('sentences are sentences', () => {
  for (const { kind, text } of all()) {
    assert.doesNotMatch(text, /undefined|[{}[\]|]|  |,,|(?<!\.)\.\.(?!\.)| [,.;]|^\s|\s$/u, `${kind}: ${text}`)
    if (kind === 'comment') continue
    assert.doesNotMatch(
      text,
      /\ba (?=[aeio]|8)(?!one)(?!eu)|\ban (?=[bcdfgjklmnpqrstvwz])/i,
      `${kind}: ${text}`,
    )
    if (kind === 'situation') continue
    assert.match(text, /^[\p{Lu}“"\d].*[.!?]["”]?$/su, `${kind}: ${text}`)
  }
})

test('half of what comments say is beside the point', () => {
  const onMusic = all('comment').filter(({ skeleton }) =>
    /\{(mood|short|lead|key|bpm|era|absent|heard|moodword|hashtag)\}/.test(skeleton),
  )
  const share = onMusic.length / all('comment').length
  assert.ok(share > 0.3 && share < 0.7, `${share}`)
})

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
