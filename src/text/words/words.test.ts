import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTables } from '../node/tables.js'
import type { Meaning } from './words.js'

const { words } = await readTables()
const means = (tag: string): string | undefined => {
  const found: Meaning | undefined = words.find(tag)
  return found && `${found.negated ? 'not ' : ''}${found.word.group}: ${found.word.name}`
}

test('tags are found whatever their spelling', () => {
  for (const [tag, expected] of [
    ['Hip-Hop', 'genre: hip hop'],
    ['hiphop', 'genre: hip hop'],
    ['rock music', 'genre: rock'],
    ['instrument---acousticguitar', 'instrument: acoustic guitar'],
    ['mood/theme---sad', 'mood: sad'],
    ['violins', 'instrument: violin'],
    ['musicbox', 'instrument: music box'],
    ['upright basses', 'instrument: upright bass'],
    ['sax', 'instrument: saxophone'],
    ['drum', 'instrument: drums'],
    ['woman singing', 'voice: female vocals'],
    ['80s', 'era: 1980s'],
    ['120 BPM', 'bpm: 120'],
    ['e flat minor', 'key: E flat minor'],
    ['F# dorian', 'key: F sharp dorian'],
    ['7/8', 'metre: 7/8'],
    ['minor key', 'key: a minor key'],
    ['no drums', 'not instrument: drums'],
    ['not english', 'not language: English'],
    ['without piano', 'not instrument: piano'],
    ['instrumental', 'not voice: vocals'],
    ['no singing', 'not voice: vocals'],
    ['no other instruments', 'texture: solo'],
    ['beatless', 'not texture: a beat'],
    ['qwertz', undefined],
    ['no qwertz', undefined],
    ['', undefined],
  ] as const)
    assert.equal(means(tag), expected, tag)
})

test('there are hundreds of words, none of which is two things', () => {
  const counts = new Map<string, number>()
  for (const { group } of words.all) counts.set(group, (counts.get(group) ?? 0) + 1)
  const sum = ['genre', 'instrument', 'mood'].reduce((total, group) => total + counts.get(group)!, 0)
  assert.ok(sum >= 400, `${sum}`)
  for (const word of words.all) {
    // "Spanish" alone is a kind of music.
    if (word.group !== 'language') assert.equal(words.find(word.name)?.word, word, word.name)
    if (word.group === 'instrument' && word.number === 'singular')
      assert.equal(words.find(word.plural!)?.word, word, word.plural)
  }
})

/** Tags of MagnaTagATune (Law et al. 2009), all but "lol". */
const MAGNATAGATUNE =
  `no voice, singer, duet, plucking, hard rock, world, bongos, harpsichord, female singing, clasical, sitar,
chorus, female opera, male vocal, vocals, clarinet, heavy, silence, beats, men, woodwind, funky, no strings, chimes, foreign,
no piano, horns, classical, female, no voices, soft rock, eerie, spacey, jazz, guitar, quiet, no beat, banjo, electric, solo,
violins, folk, female voice, wind, happy, ambient, new age, synth, funk, no singing, middle eastern, trumpet, percussion, drum,
airy, voice, repetitive, birds, space, strings, bass, harpsicord, medieval, male voice, girl, keyboard, acoustic, loud, classic,
string, drums, electronic, not classical, chanting, no violin, not rock, no guitar, organ, no vocal, talking, choral, weird, opera,
soprano, fast, acoustic guitar, electric guitar, male singer, man singing, classical guitar, country, violin, electro, reggae,
tribal, dark, male opera, no vocals, irish, electronica, horn, operatic, arabic, low, instrumental, trance, chant, strange, drone,
synthesizer, heavy metal, modern, disco, bells, man, deep, fast beat, industrial, hard, harp, no flute, jungle, pop, lute,
female vocal, oboe, mellow, orchestral, viola, light, echo, piano, celtic, male vocals, orchestra, eastern, old, flutes, punk,
spanish, sad, sax, slow, male, blues, vocal, indian, no singer, scary, india, woman, woman singing, rock, dance, piano solo, guitars,
no drums, jazzy, singing, cello, calm, female vocals, voices, different, techno, clapping, house, monks, flute, not opera,
not english, oriental, beat, upbeat, soft, noise, choir, female singer, rap, metal, hip hop, quick, water, baroque, women, fiddle,
english`
    .split(/,\s/)
    .map((tag) => tag.trim())

/** Instruments, moods and themes of MTG-Jamendo (Bogdanov et al. 2019), as its files write them. */
const JAMENDO =
  `accordion, acousticbassguitar, acousticguitar, bass, beat, bell, bongo, brass, cello, clarinet, classicalguitar,
computer, doublebass, drummachine, drums, electricguitar, electricpiano, flute, guitar, harmonica, harp, horn, keyboard, oboe,
orchestra, organ, pad, percussion, piano, pipeorgan, rhodes, sampler, saxophone, strings, synthesizer, trombone, trumpet, viola,
violin, voice, action, adventure, advertising, background, ballad, calm, children, christmas, commercial, cool, corporate, dark,
deep, documentary, drama, dramatic, dream, emotional, energetic, epic, fast, film, fun, funny, game, groovy, happy, heavy, holiday,
hopeful, inspiring, love, meditative, melancholic, melodic, motivational, movie, nature, party, positive, powerful, relaxing,
retro, romantic, sad, sexy, slow, soft, soundscape, space, sport, summer, trailer, travel, upbeat, uplifting`
    .split(/,\s/)
    .map((tag) => tag.trim())

test('the tags of well-known data sets are known', () => {
  assert.equal(MAGNATAGATUNE.length, 187)
  for (const tag of [...MAGNATAGATUNE, ...JAMENDO]) assert.ok(words.find(tag), tag)
})
