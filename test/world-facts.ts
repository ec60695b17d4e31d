import {
  compose,
  INSTRUMENTS,
  STYLES,
  TRAITS,
  type Style,
  type WorldArtist,
  type WorldTrack,
} from '../src/data/index.js'
import { Random } from '../src/random/index.js'

/** What artists of a world would play: pieces of the composer, ten an artist, who has two moods of the style; no audio. */
export function composedFacts(
  count: number,
  seed: number,
): { readonly tracks: readonly WorldTrack[]; readonly artists: readonly WorldArtist[] } {
  const artists: WorldArtist[] = []
  const tracks: WorldTrack[] = []
  for (let number = 0; tracks.length < count; number++) {
    const style = STYLES[number % STYLES.length]
    const rng = new Random(`${seed}/facts/${number}`)
    const [energy, tempo] = [rng.gauss() / 4, rng.gauss() / 4]
    const era = `${rng.pick([1960, 1970, 1980, 1990, 2000])}s`
    const year = Number.parseInt(era) + rng.int(0, 9)
    const artist: WorldArtist = {
      name: `${style.artists[0]} ${number}`,
      styles: [{ id: style.id, share: 1 }],
      manner: {
        ...(Object.fromEntries(TRAITS.map((trait) => [trait, 0])) as WorldArtist['manner']),
        energy,
        tempo,
      },
      instruments: [],
      years: [year, year],
    }
    artists.push(artist)
    const mood = rng.int(0, style.moods.length - 1)
    for (let piece = 0; piece < 10 && tracks.length < count; piece++) {
      const variant = (Math.floor(number / STYLES.length) * 10 + piece) * style.moods.length
      const facts = composed(style, { seed, variant: variant + ((mood + (piece % 2)) % style.moods.length) })
      tracks.push({
        ...facts,
        id: `${style.id}/${number}/${piece}`,
        artist: artist.name,
        album: `${style.name} ${number}`,
        year,
        number: piece + 1,
        energy: Math.min(1, Math.max(0, facts.energy + energy / 4)),
        bpm: facts.bpm * 2 ** (tempo / 4),
        production: { era, room: 'small room', words: [] },
      })
    }
  }
  return { tracks, artists }
}

function composed(
  style: Style,
  options: { seed: number; variant: number },
): Omit<WorldTrack, 'id' | 'artist' | 'album' | 'year' | 'number' | 'production'> {
  const { info } = compose(style, options)
  const family = (name: string) => Object.values(INSTRUMENTS).find((one) => one.name === name)!.family
  return {
    ...info,
    style: style.id,
    styleName: style.name,
    instruments: info.instruments.map((name) => ({ name, family: family(name), count: 1 })),
    voices: false,
    details: [],
  }
}
