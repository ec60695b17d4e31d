import { counted, tempoWord } from '../composer/caption.js'
import { layOut } from '../composer/form.js'
import { instrument, type InstrumentId } from '../composer/instruments.js'
import { TICKS } from '../composer/performance.js'
import { beatAt, seconds as secondsAt, type Score } from '../composer/score.js'
import type { Session } from '../composer/session.js'
import { FOUR_FOUR, type Mood, type Style } from '../composer/style.js'
import { isMajor, keyName, type Key } from '../composer/theory.js'
import { write, type Player } from '../composer/write.js'
import { recordingWords, roomWord, type Recording } from './era.js'
import type { Production, WorldTrack } from './facts.js'
import { fitForm, type Fit } from './form-fit.js'
import { byWeight, moodWeights, type Manner } from './manner.js'
import type { TrackPlan } from './plan.js'
import { PLACES } from './repertoire.js'
import { shape } from './shape.js'

/** A piece of the world: what is known of it, its notes, and how they are to be recorded. */
export interface WorldPiece {
  readonly track: WorldTrack
  readonly score: Score
  readonly recording: Recording
  /** 0 to 1: which of the sound banks it is played with. */
  readonly voice: number
}

/** The shortest piece that has a beginning and an end. */
export const LEAST_SECONDS = 10
/** What must be left for the last chord after a slowing down. */
const LEAST_CLOSING = 1.8
/** Notes that end so near to the end, in quarter notes, end with it. */
const LAST_NOTE = 0.05
const OWN_BAND = 0.6 // probability that an artist plays with the players that it is known for
const ALBUM_MOOD = 0.5 // probability that a piece has its album's mood

/** Composes a planned piece, exactly `seconds` long. A function of the plan and the length. */
export function composeTrack(plan: TrackPlan, { seconds }: { seconds: number }): WorldPiece {
  const { style, artist, random, recording } = plan
  const { manner } = artist
  const rng = random.fork('choices')
  const metreOf = (mood: Mood) => mood.metre ?? style.metre ?? FOUR_FOUR
  const fit = (mood: Mood, more: { reserve?: number; loose?: boolean } = {}): Fit | undefined =>
    fitForm(style, {
      seconds,
      metre: metreOf(mood),
      tempo: mood.tempo,
      wish: wishedTempo(mood, manner, random.fork('tempo').gauss()),
      kind: PLACES[style.id].form ?? 'song',
      rng: random.fork('form'),
      ...more,
    })
  // A mood whose tempo no form of this length fits is none for this piece; where none does, parts of forms will do.
  const fitting = style.moods.filter((mood) => fit(mood))
  const loose = fitting.length === 0
  const moods = loose ? style.moods.filter((mood) => fit(mood, { loose })) : fitting
  if (moods.length === 0)
    throw new RangeError(`No form of style "${style.id}" lasts ${seconds} s: ask for more seconds`)
  const weights = moodWeights(moods, manner)
  const chosen = moods[byWeight(weights, rng.chance(ALBUM_MOOD) ? plan.albumMood : rng.next())]
  const energy = clamp(chosen.energy + manner.energy * 0.1 + rng.gauss() * 0.04, 0.15, 1)
  const mood: Mood = { ...chosen, energy: Number(energy.toFixed(2)) }
  const known = artist.bands[style.id]
  const band = known && rng.chance(OWN_BAND) ? known : rng.pick(style.ensembles)
  const key: Key = {
    tonic: rng.pick(style.tonics ?? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    mode: mood.mode,
  }
  const metre = metreOf(mood)
  const contrast = rng.between(0.9, 1.7)

  const compose = (reserve: number) => {
    const fitted = fit(chosen, { reserve, loose }) ?? fit(chosen, { loose: true })
    if (!fitted) throw new RangeError(`Mood of style "${style.id}" fits no form`)
    const { form, pulse } = fitted
    const sections = layOut(style, form, { mood, key, metre, rng: random.fork('harmony'), contrast })
    let played: Session | undefined
    const written = write(style, {
      title: plan.title,
      mood,
      band,
      key,
      metre,
      pulse,
      sections,
      rng: random.fork('notes'),
      varied: true,
      finish: (session) => {
        shape(session, { manner, recording, rng: random.fork('shape') })
        played = session
      },
    })
    const end = secondsAt(written.score.tempo, (played as Session).ending.at)
    return { ...written, score: endAt(written.score, seconds), pulse, sections, closing: seconds - end }
  }
  let piece = compose(0)
  // A ritardando takes time from the closing chord: it is given back.
  for (let tries = 1; piece.closing < LEAST_CLOSING && tries <= 3; tries++)
    piece = compose((LEAST_CLOSING - piece.closing + 0.3) * tries)

  const { score, players, pulse, sections } = piece
  const facts = { style, mood, key, band, players }
  const track: WorldTrack = {
    id: plan.id,
    title: plan.title,
    artist: artist.name,
    album: plan.album,
    year: plan.year,
    number: plan.number,
    style: style.id,
    styleName: style.name,
    genre: style.genre,
    moods: [...mood.words],
    energy: mood.energy,
    bpm: pulse,
    tempo: tempoWord(pulse, metre),
    key: keyName(key),
    mode: key.mode,
    metre: `${metre.count}/${metre.unit}`,
    instruments: players.map(({ instrument: { name, family }, count }) => ({ name, family, count })),
    voices: players.some(({ instrument: { family } }) => family === 'voice'),
    form: sections
      .filter(({ label }) => label !== 'end')
      .map(({ label }) => label)
      .join(' '),
    production: production(score, recording),
    details: details(facts),
    tags: [],
  }
  return {
    track: { ...track, tags: tags(track, style, key) },
    score,
    recording,
    voice: artist.voice,
  }
}

/** A score that lasts exactly so long: notes that end with it are held on, or let go. */
function endAt(score: Score, seconds: number): Score {
  const beats = Math.floor(beatAt(score.tempo, seconds) * TICKS) / TICKS
  const parts = score.parts.map((part) => ({
    ...part,
    notes: part.notes
      .filter(({ at }) => at < beats)
      .map((note) => {
        const last = note.at + note.beats > score.beats - LAST_NOTE
        return last || note.at + note.beats > beats ? { ...note, beats: beats - note.at } : note
      }),
    controls: part.controls.filter(({ at }) => at < beats),
  }))
  return { ...score, parts: parts.filter(({ notes }) => notes.length > 0), beats }
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value))
}

/** The tempo an artist would take: within the mood's range, or slightly beyond where it leans far. */
function wishedTempo({ tempo: [low, high] }: Mood, { tempo }: Manner, noise: number): number {
  return (low + high) / 2 + (high - low) * (0.55 * tempo + 0.25 * noise)
}

function production(score: Score, recording: Recording): Production {
  let [sent, all] = [0, 0]
  for (const { level, reverb } of score.parts) {
    sent += level * reverb
    all += level
  }
  const room = roomWord(score.room, all > 0 ? sent / all : 0)
  return { era: recording.era, room, words: recordingWords(recording, score.drive) }
}

/** The style's sentences, those that name somebody who has nothing to play left out. */
function details({
  style,
  band,
  players,
}: {
  style: Style
  band: Readonly<Record<string, InstrumentId>>
  players: readonly Player[]
}): string[] {
  const heard = new Set(players.map(({ instrument: { name } }) => name))
  return style.details.flatMap((detail) => {
    let silent = false
    const text = detail.replace(/\{(a )?(\w+)\}/g, (_, a: string | undefined, role: string) => {
      const { name, family } = instrument(band[role])
      if (!heard.has(name)) silent = true
      return a ? counted(name, family, 1) : name
    })
    return silent ? [] : [text]
  })
}

/** Tags of a style that speak of a time, which the world decides by itself. */
const TIMES = /^\d{4}s$/

function tags(track: WorldTrack, style: Style, key: Key): string[] {
  const families = track.instruments.map(({ family }) => family)
  const beaten = families.includes('drums') || families.includes('percussion')
  const { era, room, words } = track.production
  return [
    ...new Set([
      track.genre.toLowerCase(),
      track.styleName,
      ...style.tags.filter((tag) => !TIMES.test(tag)),
      ...track.moods,
      ...track.instruments.map(({ name }) => name),
      ...families.filter((family) => family !== 'keyboard' && family !== 'voice'),
      ...(beaten ? [] : ['no drums']),
      track.tempo,
      isMajor(key.mode) ? 'major key' : 'minor key',
      ...(track.metre.startsWith('3/') ? ['triple metre'] : []),
      ...(track.voices ? [] : ['instrumental']),
      era,
      room,
      ...words,
    ]),
  ]
}
