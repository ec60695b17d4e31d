// Sentences of articles, reviews and comments about music, written by hand and labelled: does it say what the music sounds like?
// The first were there when the tables of mining were written, the second were written when those were done: they are judged by.

export interface LabelledSentence {
  readonly text: string
  readonly sound: boolean
}

const SOUND = `
A wistful clarinet floats above softly brushed drums.
The song opens with a single acoustic guitar, strummed slowly in open tuning.
Halfway through, the tempo doubles and the brass section takes over.
Her voice is smoky and low, hardly more than a whisper at times.
It's a slow, brooding blues in E minor.
The chorus bursts in with stacked vocal harmonies and a wall of distorted guitars.
A sparse piano figure repeats over a deep electronic drone.
The arrangement is built around a syncopated bass line and crisp handclaps.
Critics praised its lush string arrangement and gentle waltz rhythm.
The drums are loud, dry and completely up front in the mix.
At 174 bpm the breakbeats never let up.
The piece is in 7/8, which gives it a limping, restless feel.
Reverb-soaked guitars drift in and out while the bass hums underneath.
It has a warm, lo-fi sound full of tape hiss.
The third movement is a lively rondo with dazzling runs for the violin.
There are no drums at all, only cello and harp.
That bassline is so groovy, and the hi-hats are crazy fast!
love how calm and dreamy the synths are
This track fuses Afro-Cuban percussion with cool jazz trumpet.
The music swells from near silence to a thunderous climax.
The refrain is sung by a children's choir in unison.
A banjo rolls along cheerfully while the fiddle answers each phrase.
The melody is simple, almost childlike, and played on a music box.
Its sound is harsh, metallic and deliberately ugly.
The singer alternates between a soft falsetto and a hoarse scream.
The work is scored for flute, oboe, two horns and strings.
Over a slow four-on-the-floor beat, a choir hums one long chord.
it's basically screeching feedback for eight minutes
The mood is melancholic throughout, lifted only by a bright glockenspiel.
Fans describe it as a dark, hypnotic techno track with a rolling kick drum.
The guitar tone is thick and fuzzy, the riffs slow and heavy.
so peaceful, just piano and rain
The verses are quiet and intimate; the hook is huge.
It is an up-tempo polka led by two accordions.
A muted trumpet plays the theme, answered by pizzicato strings.
The rhythm is a lazy shuffle, the piano tinkles in the background.
It builds patiently from a whisper to a roar.
An aggressive rap over booming 808s and eerie bells.
A pulsing synthesizer arpeggio runs through the entire song.
The organ solo is wild and the drummer plays as if the house were on fire.
The recording is muffled, with crackle and hum on every note.
Gentle fingerpicking, a hushed vocal and nothing else.
The composition is a fugue in four voices, austere and solemn.
creepy music box melody in a minor key, gives me chills
The sitar drones while the tabla keeps a rapid pulse.
Smooth saxophone lines glide over a bossa nova groove.
It sounds like a carnival at midnight: wheezing organ, lurching rhythm, distant laughter.
The overture begins with ominous chords in the low brass.
A tender lullaby for voice and harp.
Handclaps and whistling give the tune a carefree air.
The second half is pure ambient, slow washes of sound without any beat.
It ends abruptly on an unresolved, dissonant chord.
what a beautiful, soothing flute
The beat is minimal: a dry snare, a sub bass, and long silences.
Dense polyphony and shifting metres make the work sound restless.
An ecstatic gospel choir lifts the final chorus a key higher.
The vocals are heavily processed with a vocoder, cold and robotic.
It is loud, fast and over in ninety seconds.
Twangy guitars and a train beat place it firmly in country.
The quartet's slow movement is hushed, played entirely with mutes.
There's a jangly, sunny quality to the guitars.
Tremolo strings keep the tension high for the whole scene.
The bagpipes enter last, over snare drums and a low drone.
sounds super chill, lots of echo on the guitar
`

const OTHER = `
The band signed to a small London label in 1977.
He bought his first guitar from a shop in Leeds at the age of nine.
The single reached number four in the charts and stayed there for six weeks.
She was born in Oslo in 1951, the youngest of five children.
The album cover shows a photograph of an abandoned lighthouse.
First!!!
who else is here in 2023?
Please subscribe to my channel and hit the bell.
The tour was cancelled after the drummer broke his arm.
The song was used in a television advertisement for a brand of coffee.
It was certified gold in Germany and platinum in Canada.
my dad used to play this in the car every sunday
The lyrics tell the story of a sailor who never returns.
In an interview, he said that he had written it in ten minutes.
It was released as the second single from the album in March 1994.
The title is taken from a poem by Emily Dickinson.
does anyone know where I can buy tickets?
He later sued the publisher over unpaid royalties.
The recording sessions took place in a converted church near Bath.
The group broke up in 2002 and reunited eight years later.
The manuscript was lost for a century and found in an attic in Vienna.
It won two awards and was nominated for a third.
I lost my wallet at their concert in Berlin lol
The violin was made in Cremona and is insured for two million.
Its drummer, who had also run a hotel, died in 1998.
Critics were divided, and sales were disappointing.
Download the full album here: example.org/rip
The video was directed by her brother and filmed in Lisbon.
It has been covered by more than forty artists.
He studied composition in Paris with a pupil of Fauré.
The first performance took place on 3 May 1912 at the Royal Opera.
five stars, would buy again
The title track was written by the bassist and the producer.
anyone got tabs for this?
All rights belong to their respective owners.
She taught piano at the conservatory until she retired.
The label refused to release it, and the tapes gathered dust.
The track listing differs between the American and the British editions.
This is the best thing they have ever done.
The festival attracts thirty thousand visitors every summer.
who disliked this? show yourselves
The composer dedicated the work to his late wife.
Only five hundred copies of the record were pressed.
He left the band to study law.
it's 3 am and I should be sleeping
The name of the band comes from a misprint in a newspaper.
The producer had previously worked with several well-known acts.
The second album was recorded in Nashville with a new line-up.
Not their best work, but worth a listen.
Her grandfather had been a conductor in Budapest.
I can't believe this has only 300 views
The rights to the song were sold to an insurance company.
The opera is set in Seville in the eighteenth century.
The film earned its director a prize in Cannes.
next up: side B, stay tuned
The library holds the only surviving copy of the score.
He cites his mother and a local radio host as his main influences.
She wrote the words on a train between Milan and Rome.
The concert sold out in eleven minutes.
They met at school and rehearsed in a garage.
This song got me through my exams, thank you.
The house where he was born is now a museum.
greetings from Brazil, we love you guys
The magazine ranked it among the hundred greatest songs of the decade.
`

const FRESH_SOUND = `
Crystalline harp figures drip over a bed of muted strings.
The whole song leans on one stubborn organ chord and a tambourine.
She sings in a clear, high soprano with hardly any vibrato.
After a murky introduction, the piece erupts into a frenzied dance.
Think slowed-down soul: syrupy horns, lazy drums, a bass you feel in your teeth.
It starts as a lullaby and ends as a march.
The harmonies are lush and slightly out of tune, like a school choir on a good day.
Acoustic guitar and upright bass trade short phrases over brushed snare.
The tempo never rises above a crawl.
A shrill tin whistle doubles the melody an octave up.
god that saxophone is filthy
the kick is so deep it rattles my windows
Its second theme, in A flat major, is given to the horns.
What sets it apart is the eerie wobble of the theremin.
The track is drenched in tape echo, the vocals little more than a murmur.
The dense, clattering percussion recalls a factory floor.
Staccato violins jab at the melody while timpani roll beneath.
The finale is a boisterous jig in 6/8.
Quiet arpeggios on a nylon-string guitar carry the entire piece.
An insistent four-note motif is passed between piano and marimba.
It is heavy, sludgy and slow as tar.
so mellow, perfect lo-fi beats with rain in the background
The mandolin tremolos give it a sweet, old-world air.
It drifts along on shimmering pads, with no drums and hardly any melody.
The duet is sung in close harmony over a single accordion.
Harsh white noise cuts off the last chorus.
Bright, brassy and brash, it swings from the first bar.
The sub-bass growls under a skittering hi-hat pattern.
A walking bass and a ride cymbal are all the singer needs.
The chorale is calm and luminous, the part-writing plain.
its just one guy and a banjo but it sounds huge
The beat staggers, the synths are detuned, everything feels slightly seasick.
`

const FRESH_OTHER = `
The quartet took its name from the street where the cellist lived.
It spent three weeks at the top of the Dutch charts.
He is best known for his work as a session musician.
The sheet music was published in Leipzig the following year.
lost my virginity to this album, sorry mum
The hall burned down in 1911 and was never rebuilt.
She donated the profits to a children's hospital.
Tickets for the anniversary concert go on sale on Friday.
The record company wanted a hit; they got a lawsuit.
who came here from the documentary?
A statue of the composer stands in front of the town hall.
The line-up changed several times before the debut album.
The song is about a man who waits for a train.
I have been following them since their first demo tape.
mods please pin this
The guitar was stolen in 1998 and turned up on an auction site.
Its video has been viewed more than two hundred million times.
He wrote most of his symphonies in a hut by the lake.
They supported several better-known bands on a tour of Japan.
The instrument maker opened a second workshop in Lyon.
This is my ringtone now.
The label went bankrupt before the vinyl could be pressed.
The choir was founded by a schoolteacher in 1903.
Her biography was translated into nine languages.
The soundtrack was nominated for an Oscar but did not win.
can't find this on any streaming service, help
The drummer is married to the singer's cousin.
It was recorded in a single afternoon for very little money.
Both pianists competed in Warsaw that autumn.
The tape was discovered by a collector at a garage sale.
In 2009 the rights passed to a foundation in Geneva.
Happy birthday to the greatest band in the world!
`

const of = (block: string, sound: boolean): LabelledSentence[] =>
  block
    .trim()
    .split('\n')
    .map((text) => ({ text, sound }))

/** 128 sentences that were known when words and thresholds were chosen. */
export const TUNING_SENTENCES = [...of(SOUND, true), ...of(OTHER, false)]

/** 64 that nothing was chosen with. */
export const TEST_SENTENCES = [...of(FRESH_SOUND, true), ...of(FRESH_OTHER, false)]
