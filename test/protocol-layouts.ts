// Small data sets of tones in the layouts that protocols read; the words are our own.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { wav } from './wav.js'

const RATE = 2205
const SECONDS = 2

export interface Layout {
  /** Path in the data set -> content. */
  readonly words: Readonly<Record<string, string>>
  readonly audio: readonly string[]
  /** What the protocol must find. */
  readonly items: number
  readonly queries: number
}

/** Writes a data set; every tone is of its own. */
export function writeLayout(dir: string, { words, audio }: Pick<Layout, 'words' | 'audio'>): string {
  for (const [name, content] of Object.entries(words)) write(join(dir, name), content)
  audio.forEach((name, i) => write(join(dir, name), tone(3 + i * 1.3)))
  return dir
}

/** Two seconds of a tone that beats. */
export function tone(hertz: number, seconds = SECONDS): Buffer {
  const samples = Int16Array.from({ length: RATE * seconds }, (_, i) =>
    Math.round(9000 * Math.sin((2 * Math.PI * hertz * i) / RATE) * (1 + 0.5 * Math.sin(i / 300))),
  )
  return wav(samples, { rate: RATE })
}

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

const lines = (...rows: readonly string[]): string => rows.map((row) => `${row}\n`).join('')
const tabs = (...cells: readonly string[]): string => cells.join('\t')
const quoted = (...cells: readonly (string | number)[]): string => cells.map((cell) => `"${cell}"`).join('\t')

const songDescriber = lines(
  'caption_id,track_id,caption,is_valid_subset,familiarity,artist_id,album_id,path,duration,genre,instrument,mood/theme',
  '1,101,A drum machine under wide synthesizers.,True,0,1,1,01/101.mp3,120.0,[],[],[]',
  '2,101,Eighties pop without a singer,False,1,1,1,01/101.mp3,120.0,[],[],[]',
  '3,102,A guitar and a voice,True,0,2,2,02/102.mp3,120.0,[],[],[]',
  '4,103,Slow strings,True,0,3,3,03/103.mp3,120.0,[],[],[]',
  '5,104,Loud metal,False,0,4,4,04/104.mp3,120.0,[],[],[]',
)
const songDescriberAudio = [101, 102, 103, 104].map((id) => `audio/0${id % 100}/${id}.2min.mp3`)

const mtgJamendo = (task: string, group: string, tags: readonly (readonly string[])[]): Layout => ({
  words: Object.fromEntries(
    (['train', 'test'] as const).map((part, p) => [
      `autotagging_${task}-${part}.tsv`,
      lines(
        tabs('TRACK_ID', 'ARTIST_ID', 'ALBUM_ID', 'PATH', 'DURATION', 'TAGS'),
        ...tags.map((found, i) =>
          tabs(
            `track_000${p}00${i}`,
            `artist_00000${i}`,
            `album_00000${i}`,
            `0${i}/${p}00${i}.mp3`,
            '100.0',
            ...found.map((tag) => `${group}---${tag}`),
          ),
        ),
      ),
    ]),
  ),
  audio: tags.map((_, i) => `audio/0${i}/100${i}.mp3`),
  items: tags.length,
  queries: new Set(tags.flat()).size,
})

const GENRES = ['blues', 'classical', 'country', 'disco', 'hiphop', 'jazz', 'metal', 'pop', 'reggae', 'rock']
const gtzanAudio = GENRES.flatMap((genre) =>
  [0, 1].map((i) => `genres_original/${genre}/${genre}.0000${i}.wav`),
)

const ecalsIds = ['TRAAAAA128F0000001', 'TRAAAAB128F0000002', 'TRAAAAC128F0000003', 'TRAAAAD128F0000004']

/** By the name of the protocol. */
export const LAYOUTS: Readonly<Record<string, Layout>> = {
  'song-describer': {
    words: { 'song_describer.csv': songDescriber },
    audio: songDescriberAudio,
    items: 4,
    queries: 5,
  },
  'song-describer-valid': {
    words: { 'song_describer.csv': songDescriber },
    audio: songDescriberAudio,
    items: 3,
    queries: 3,
  },
  musiccaps: {
    words: {
      'musiccaps-public.csv': lines(
        'ytid,start_s,end_s,audioset_positive_labels,aspect_list,caption,author_id,is_balanced_subset,is_audioset_eval',
        `-aB3dE_gH1j,30,40,/m/04rlf,"['slow', 'piano']",A slow piano.,4,False,True`,
        `Qw3rTy_uI0p,0,10,/m/04rlf,"['e-bass']",Someone sings.,4,True,True`,
        `lAst0ne0000,10,20,/m/04rlf,['choir'],A choir.,4,False,True`,
        `gone0000000,10,20,/m/04rlf,['choir'],A choir that has gone from the web.,4,False,True`,
        `train000000,10,20,/m/04rlf,['flute'],A flute.,4,False,False`,
      ),
    },
    audio: [
      'clips/[-aB3dE_gH1j]-[30-40].wav',
      'clips/Qw3rTy_uI0p.wav',
      'clips/lAst0ne0000_10_20.wav',
      'clips/train000000.wav',
    ],
    items: 3,
    queries: 3,
  },
  'mtg-jamendo-top50': mtgJamendo('top50tags', 'genre', [['rock'], ['rock', 'pop'], ['jazz'], ['pop']]),
  'mtg-jamendo-moodtheme': mtgJamendo('moodtheme', 'mood/theme', [
    ['sad'],
    ['happy', 'film'],
    ['film'],
    ['dark', 'sad'],
  ]),
  'mtg-jamendo-instrument': mtgJamendo('instrument', 'instrument', [
    ['piano'],
    ['guitar'],
    ['piano', 'drums'],
    ['guitar'],
  ]),
  'magnatagatune-50': {
    words: {
      'annotations_final.csv': lines(
        quoted('clip_id', 'guitar', 'flute', 'rock', 'mp3_path'),
        quoted(1, 1, 0, 0, 'f/a_band-an_album-01-a_song-0-29.mp3'),
        quoted(2, 1, 0, 1, 'f/a_band-an_album-01-a_song-29-58.mp3'),
        quoted(3, 0, 1, 0, 'e/a_trio-a_record-02-another-0-29.mp3'),
        quoted(4, 0, 0, 0, 'e/a_trio-a_record-02-another-29-58.mp3'),
        quoted(5, 0, 1, 0, 'd/a_duo-a_disc-03-the_third-0-29.mp3'),
        quoted(6, 0, 0, 1, '0/others-a_tape-04-the_fourth-0-29.mp3'),
      ),
    },
    audio: [
      'mp3/f/a_band-an_album-01-a_song-0-29.mp3',
      'mp3/f/a_band-an_album-01-a_song-29-58.mp3',
      'mp3/e/a_trio-a_record-02-another-0-29.mp3',
      'mp3/d/a_duo-a_disc-03-the_third-0-29.mp3',
      'mp3/0/others-a_tape-04-the_fourth-0-29.mp3',
    ],
    items: 4,
    queries: 3,
  },
  gtzan: { words: {}, audio: gtzanAudio, items: 20, queries: 10 },
  'gtzan-filtered': {
    words: Object.fromEntries(
      ['train', 'valid', 'test'].map((part) => [
        `${part}_filtered.txt`,
        lines(...GENRES.slice(0, 6).map((genre) => `${genre}/${genre}.0000${part === 'test' ? 1 : 0}.wav`)),
      ]),
    ),
    audio: gtzanAudio,
    items: 6,
    queries: 6,
  },
  'fma-small': {
    words: {
      'fma_metadata/genres.csv': lines(
        'genre_id,#tracks,parent,title,top_level',
        '10,1,0,Pop,10',
        '12,1,0,Rock,12',
        '21,1,0,Hip-Hop,21',
        '25,1,12,Punk,12',
      ),
      'fma_metadata/tracks.csv': lines(
        ',album,artist,set,set,track,track,track,track',
        ',title,name,split,subset,genre_top,genres_all,tags,title',
        'track_id,,,,,,,,',
        '2,One,A,test,small,Hip-Hop,[21],[],First',
        `3,One,B,test,small,Rock,"[25, 12]","['pop']",Second`,
        '5,One,C,test,small,Pop,[10],[],Third',
        '6,One,D,training,small,Pop,[10],[],Fourth',
        '7,One,E,test,large,Pop,[10],[],Fifth',
      ),
    },
    audio: [2, 3, 5, 6].map((id) => `fma_small/000/00000${id}.mp3`),
    items: 3,
    queries: 3,
  },
  'msd-ecals': {
    words: {
      'ecals_annotation/annotation.json': JSON.stringify(
        Object.fromEntries(
          ecalsIds.map((id, i) => [
            id,
            {
              tag: [['jazz', 'rock', 'jazz', 'folk'][i], 'music'],
              release: 'R',
              artist_name: `A${i}`,
              year: 1999,
              title: `T${i}`,
              track_id: id,
            },
          ]),
        ),
      ),
      'ecals_annotation/ecals_track_split.json': JSON.stringify({
        train_track: ecalsIds.slice(3),
        valid_track: [],
        test_track: ecalsIds.slice(0, 3),
      }),
    },
    audio: ecalsIds.map((id) => `songs/${id}.mp3`),
    items: 3,
    queries: 3,
  },
  'lp-musiccaps-mtt': {
    words: {
      'data/test.csv': lines(
        'track_id,title,artist_name,release,tag_top50,tag_top188,caption_writing,caption_summary,caption_paraphrase,caption_attribute_prediction,pseudo_attribute,path',
        `1,Song,Band,Album,"['guitar']","['guitar']",A guitar plays.,Guitar music.,It is a guitar.,No.,['x'],f/a_band-an_album-01-a_song-0-29.mp3`,
        `2,Song,Band,Album,"['flute']","['flute']",A flute plays.,Flute music.,It is a flute.,No.,['x'],f/a_band-an_album-01-a_song-29-58.mp3`,
      ),
    },
    audio: ['audio/f/a_band-an_album-01-a_song-0-29.mp3', 'audio/f/a_band-an_album-01-a_song-29-58.mp3'],
    items: 2,
    queries: 6,
  },
  folder: {
    words: {
      'a/one.txt': 'calm\nquiet\n',
      'a/two.txt': 'loud\n',
      'b/three.json': '{"caption": "odd", "tags": ["x"]}',
    },
    audio: ['a/one.wav', 'a/two.wav', 'b/three.wav', 'b/without-words.wav'],
    items: 3,
    queries: 4,
  },
  'folder-tags': {
    words: Object.fromEntries(
      [['x', 'y'], ['x'], ['Y', 'z'], ['y']].map((tags, i) => [
        `t${i}.json`,
        JSON.stringify({ tags, title: `T${i}` }),
      ]),
    ),
    audio: [0, 1, 2, 3].map((i) => `t${i}.wav`),
    items: 4,
    queries: 2,
  },
  demo: {
    words: Object.fromEntries(
      ['rock/a', 'rock/b', 'jazz/c', 'jazz/d'].map((name) => [
        `${name}.json`,
        JSON.stringify({ caption: `This is ${name}.` }),
      ]),
    ),
    audio: ['rock/a.wav', 'rock/b.wav', 'jazz/c.wav', 'jazz/d.wav'],
    items: 4,
    queries: 4,
  },
  world: {
    words: Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [
        `audio/artist-${i % 10}/t${i}.json`,
        JSON.stringify({ captions: [`Piece ${i}.`], artist: `Artist ${i % 10}`, title: `T${i}` }),
      ]),
    ),
    audio: Array.from({ length: 20 }, (_, i) => `audio/artist-${i % 10}/t${i}.wav`),
    items: 2,
    queries: 2,
  },
}
