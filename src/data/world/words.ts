/** Words that titles and names are made of, by the flavour of a style. */
export interface Flavour {
  readonly adjectives: readonly string[]
  readonly nouns: readonly string[]
  readonly places: readonly string[]
  /** As in "Walking", "Falling". */
  readonly doing: readonly string[]
  /** Whole titles that only such music has. */
  readonly patterns: readonly string[]
}

function words(text: string): string[] {
  return text.trim().split(/\s*,\s*/)
}

/** In patterns, `A` is an adjective, `N` a noun, `P` a place, `D` what somebody is doing, `#` a number in words, `%` a numeral. */
export const FLAVOURS = {
  city: {
    adjectives: words(
      `Concrete, Electric, Static, Runaway, Broken, Northern, Burning, Crooked, Hollow, Wired, Restless, Loud, Faded, Paper, Borrowed, Sideways, Second-Hand, Empty, Neon, Painted, Heavy, Lucky, Velvet, Golden`,
    ),
    nouns: words(
      `Signal, Heart, Radio, Engine, Avenue, Highway, Ceiling, Telephone, Mirror, Matchstick, Window, Headline, Elevator, Photograph, Weekend, Alibi, Shadow, Ticket, Parade, Fuse, Magnet, Receipt, Sirens, Jacket, Rumour, Television, Crown, Stranger`,
    ),
    places: words(
      `the Back Seat, Platform Nine, the Car Park, Seventh Street, the Old Arcade, the Ring Road, Room 12, the Last Bus, the Rooftops, Station Road, the Underpass`,
    ),
    doing: words(
      `Running, Burning, Waiting, Falling, Shouting, Driving, Breaking, Dancing, Leaving, Staying`,
    ),
    patterns: words(
      `A N, A N, N of N, D on P, D in P, No N Tonight, The A N, A Ns, N and N, Never D Again, Back to P, Half a N, Give Me the N, # Ns, All the A Ns, Not Your N, Still D, N in P`,
    ),
  },
  night: {
    adjectives: words(
      `Blue, Slow, Late, Amber, Lonesome, Quiet, Tender, Smoky, Silver, Gentle, Wistful, Hidden, Autumn, Second, Last, Warm, Distant, Mellow, Half-Lit, Rainy`,
    ),
    nouns: words(
      `Corner, Lamplight, Letter, Stroll, Table, Window, Promise, Serenade, Encore, Whisper, Cigarette, Rain, Piano, Shoreline, Midnight, Glass, Stairway, Goodbye, Melody, Raincoat, Farewell, Shadow, Postcard, Hour, Candle`,
    ),
    places: words(
      `the Corner Table, Third Avenue, the Window, the Quay, Room Nine, the Harbour, the Late Train, the Old Hotel, Montrose Street, the Empty Bar, the Promenade`,
    ),
    doing: words(`Waiting, Walking, Dreaming, Leaving, Drifting, Remembering, Wandering, Listening`),
    patterns: words(
      `A N, A N, N at P, D by P, N for # , N and N, The A N, Half Past #, A N Blues, After the N, Before the A N, D Home, If the N Could Talk, One More N, N in A, Not Quite a N`,
    ),
  },
  blues: {
    adjectives: words(
      `Muddy, Broke, Lonesome, Crossroad, Mean, Dusty, Rusty, Empty, Evil, Long, Worried, Cold, Low-Down, Hungry, Crooked, Stone, Whiskey, Delta, Sunday`,
    ),
    nouns: words(
      `Shoes, Freight, River, Kitchen, Woman, Road, Dollar, Bottle, Levee, Train, Yard, Morning, Suitcase, Mule, Doorstep, Landlord, Preacher, Whistle, Chicken, Highway, Telephone, Pocket, Cotton, Thunder`,
    ),
    places: words(
      `the Levee, Beale Road, the Kitchen Floor, Highway 9, the County Line, the Jailhouse, Tupelo, the Depot`,
    ),
    doing: words(`Walking, Crying, Drinking, Leaving, Begging, Rambling, Gambling, Hollering`),
    patterns: words(
      `A N Blues, A N Blues, D at P, N Number #, D All Night, My A N, Left My N in P, A N, Who Took My N, D Blues, Too Many Ns, P Shuffle, N Ain't Mine, Got a A N`,
    ),
  },
  dark: {
    adjectives: words(
      `Iron, Ashen, Black, Bleeding, Hollow, Frozen, Burning, Nameless, Eternal, Rotten, Crimson, Blind, Sunken, Thorned, Cursed, Silent, Feral, Pale, Last, Drowned`,
    ),
    nouns: words(
      `Throne, Legion, Cathedral, Ritual, Tide, Hammer, Wolf, Crown, Plague, Altar, Serpent, Grave, Oath, Storm, Witness, Bone, Furnace, Crow, Abyss, Blade, Monolith, Titan, Scourge, Winter, Maw, Gallows`,
    ),
    places: words(
      `the Iron Gate, the Deep, the Wasteland, the Black Shore, the Pit, the Ninth Circle, the Ruins, the Northern Sky`,
    ),
    doing: words(`Rising, Devouring, Marching, Burning, Descending, Falling, Hunting, Awakening`),
    patterns: words(
      `A N, A N, N of N, Ns of P, The A N, D from P, Throne of Ns, N Eater, Beneath P, Born of N, Hail the N, # Ns, A A N, No N Shall Remain, N and N, When Ns Rise, To the A N`,
    ),
  },
  machine: {
    adjectives: words(
      `Null, Phase, Rolling, Vanta, Linear, Parallel, Hyper, Deep, Hidden, Binary, Magnetic, Analogue, Solar, Inner, Final, Lateral, Cold, Vector, Sub, Modular, Liquid, Radial`,
    ),
    nouns: words(
      `Sector, Turbine, Loop, Array, Drift, Kilowatt, Shift, Orbit, Pressure, Signal, Circuit, Relay, Grid, Pulse, Carrier, Voltage, Tunnel, Module, Axis, Filter, Hangar, Reactor, Protocol, Lattice, Particle, Terminal, Cascade, Contour`,
    ),
    places: words(
      `Sector Nine, Warehouse 4, the Tunnel, Level Two, the Grid, Hangar 12, the Basement, Dock 7, the Outer Ring`,
    ),
    doing: words(`Rotating, Folding, Rising, Tracking, Scanning, Sinking, Looping, Bending`),
    patterns: words(
      `A N, A N, N %, N, A Ns, N N, D N, Into P, N (% Edit), A, N Theory, D, N to N, A N %, From P, No N`,
    ),
  },
  pixel: {
    adjectives: words(
      `Pixel, Bonus, Hidden, Turbo, Secret, Tiny, Mega, Final, Frozen, Lost, Super, Haunted, Golden, Endless, Second, Rusty, Flying, Lucky`,
    ),
    nouns: words(
      `Quest, Stage, Run, Keeper, Castle, Coin, Dungeon, Level, Dragon, Rocket, Cartridge, Boss, Island, Cavern, Robot, Princess, Sprite, Potion, Key, Map, Joystick, Galaxy, Ghost, Ninja, Frog`,
    ),
    places: words(
      `World 3, the Castle Gate, Level Nine, the Ice Cave, the Sky Fortress, the Lava Room, the Moon Base, the Overworld`,
    ),
    doing: words(`Jumping, Running, Flying, Hiding, Escaping, Sneaking, Racing`),
    patterns: words(
      `A N, A N, N %, Press N, D through P, N of P, Save the N, P Theme, The A N, N Over, # Ns Left, Beware of the N, D to P, A A N, Continue from P, N vs N`,
    ),
  },
  nature: {
    adjectives: words(
      `Old, Cedar, Wild, Distant, Still, Morning, Winter, Northern, Quiet, Green, Pale, Copper, Salt, Slow, Early, Hidden, Silver, Windward, First, Homeward, Blackberry, Open`,
    ),
    nouns: words(
      `River, Meadow, Kite, Wren, Creek, Lantern, Harbour, Field, Hollow, Fence, Lane, Orchard, Stone, Swallow, Ridge, Garden, Hill, Shore, Willow, Acre, Stream, Barn, Glacier, Horizon, Moss, Heather, Feather, Valley`,
    ),
    places: words(
      `the Mill Road, the Hill, the Far Shore, the Orchard Gate, Hollow Creek, the Valley, the North Field, the Estuary, the Old Bridge, Alder Lane`,
    ),
    doing: words(`Walking, Drifting, Waiting, Sailing, Gathering, Sleeping, Wandering, Turning`),
    patterns: words(
      `A N, A N, The A N, N Song, D to P, By P, N and N, A Ns, Down by P, Where the N Was, # Ns, Under the N, N Lane, Letters from P, D Home, When the N Turns, Over P`,
    ),
  },
  celtic: {
    adjectives: words(
      `Drunken, Heathery, Merry, Wandering, Crooked, Wild, Lame, Bold, Stolen, Blackthorn, Silver, Rakish, Hasty, Old, Hungry`,
    ),
    nouns: words(
      `Ferryman, Brae, Lantern, Hill, Saddle, Piper, Tinker, Miller, Thistle, Hare, Fiddler, Kettle, Goose, Milkmaid, Bridge, Rover, Hazel, Cuckoo, Shepherd, Wedding, Boat, Stile, Haystack`,
    ),
    places: words(
      `Kilmorra, the Glen, Ballyheane, the Strand, Inishdoon, the Fair, the Crossroads, Lisnagall, the Harbour Wall`,
    ),
    doing: words(`Dancing, Leaving, Crossing, Milking, Sailing`),
    patterns: words(
      `The A N, The A N, Kitty's N, The N of P, The Road to P, D at P, Old N's Reel Jig, The Humours of P, Tom's A N, Nora's N, The N in P, Up to P, The N and the N, Farewell to P, Mick Dunne's N`,
    ),
  },
  salon: {
    adjectives: words(
      `Grey, Rose, Winter, Velvet, Little, Silver, Second, Solemn, Graceful, Paper, Porcelain, Wooden, Sleeping, Amber, Old, Lost, Early, Autumn, Painted`,
    ),
    nouns: words(
      `Gallery, Garden, Carousel, Chandelier, Mirror, Ballroom, Manor, Fountain, Terrace, Letter, Masquerade, Portrait, Lattice, Clock, Staircase, Pavilion, Orangery, Lantern, Swan, Arcade, Sundial, Courtyard, Pattern`,
    ),
    places: words(
      `the Manor, the Long Gallery, Hollow Hill, the Palace, the Winter Garden, the Orangery, the Lake House, Linden Square, the West Terrace, Aldersee`,
    ),
    doing: words(`Turning, Dancing, Waiting, Falling, Sleeping`),
    patterns: words(
      `N in A, The A N, F No. %, F, F for P, A F, F in A, N at P, F of the N, A N, A A N, D N, F from P, The N at P, Last F, F and N`,
    ),
  },
  sacred: {
    adjectives: words(
      `Radiant, Still, Eternal, Silent, Golden, Evening, Morning, Holy, Hidden, Winter, First, Gentle`,
    ),
    nouns: words(
      `Light, Stone, Vigil, Vespers, Lamp, Nave, Psalm, Dove, Vault, Dawn, Mercy, Cloister, Bell, Advent, Shepherd, Star, Incense, Altar, River, Aurora`,
    ),
    places: words(
      `the Valley, the Old Abbey, the West Door, the Nave, Saint Aldhelm's, the Cloister, the High Vault, the Hill Chapel`,
    ),
    doing: words(`Waiting, Rising, Watching, Resting`),
    patterns: words(
      `F, F No. %, F for P, F of the N, A N, O A N, N over P, F at P, Lux N, A F, N of A N, Before the N, N and N, In P`,
    ),
  },
  march: {
    adjectives: words(
      `Silver, Bold, Royal, Northern, Proud, Gallant, Golden, Old, Scarlet, Steadfast, Grand`,
    ),
    nouns: words(
      `Colours, Regiment, Banner, Arch, Guard, Brigade, Parade, Anchor, Drum, Sabre, Fleet, Standard, Lion, Bugle, Victory, Eagle, Gate`,
    ),
    places: words(
      `the Coast, the Harbour, the North, the Old Fort, the Capital, Kingsbridge, the Town Square, the Border`,
    ),
    doing: words(`Marching, Saluting, Returning, Parading`),
    patterns: words(
      `The A N, N on Parade, Ns of P, N Forward, The N of P, Hail to the N, A Ns, D to P, March of the Ns, The # Ns, Under the A N, P March, To the N, The A N March`,
    ),
  },
  spanish: {
    adjectives: words(
      `Morena, Amarga, Sola, Vieja, Perdida, Serena, Ardiente, Callada, Oscura, Blanca, Eterna, Herida, Lejana`,
    ),
    nouns: words(
      `Noche, Calle, Sombra, Luna, Rosa, Plaza, Guitarra, Esquina, Puerta, Ausencia, Brisa, Copla, Tarde, Ventana, Carta, Fuente, Llama, Lluvia, Alma, Espina, Mentira, Danza, Mirada, Orilla`,
    ),
    places: words(
      `del Sur, de Cal, de los Naranjos, de Triana, del Puerto, de la Ribera, de San Telmo, del Alba, de Cobre, de Abril, de Boedo, del Arrabal`,
    ),
    doing: words(`Bailando, Llorando, Esperando, Volviendo, Soñando`),
    patterns: words(
      `N A, N A, N P, N P, La N A, N y N, Sin N, La N P, D la N, # Ns, Otra N, Mi N A, Última N, Bajo la N A, Adiós N, N sin Nombre, La Última N P`,
    ),
  },
  brazil: {
    adjectives: words(`Paper, Slow, Orange, Morning, Sunday, Quiet, Blue, Warm, Lazy, Salt, Gentle, Early`),
    nouns: words(
      `Moon, Lagoon, Tide, Parasol, Samba, Hammock, Mango, Breeze, Balcony, Guitar, Sandal, Palm, Rain, Letter, Coffee, Verandah, Bicycle`,
    ),
    places: words(`Leblon, Praia Azul, Santa Teresa, the Lagoon, Rua Direita, Ipanema, Paraty, the Bay`),
    doing: words(`Floating, Walking, Waiting, Dreaming, Swaying`),
    patterns: words(
      `A N, A N, N in P, D in P, Sem Pressa, Samba for a N, N and N, The N of P, Um A N, A N in P, No N Today, Goodbye P, P at Noon, Little N, Canção de N`,
    ),
  },
  island: {
    adjectives: words(
      `Coconut, Sunset, Roots, Golden, Sweet, Heavy, Righteous, Easy, Rising, Natural, Humble`,
    ),
    nouns: words(
      `Yard, Zion, Rockers, Version, Skank, Breeze, Riddim, Lion, River, Bassline, Steppers, Sunshine, Shanty, Sound, Fire, Dub, Vibration, Echo, Youth, Mango`,
    ),
    places: words(`Kingsway, the Yard, Zion Hill, Orange Lane, the Bay, Trench Road, the Sound System`),
    doing: words(`Skanking, Rising, Moving, Chanting, Rocking`),
    patterns: words(
      `A N, A N, N Version, D in P, N in Dub, A Riddim, P Rockers, N and N, The A N, Dub from P, No More N, N Time, Easy N, P Skank, Keep on D`,
    ),
  },
  groove: {
    adjectives: words(
      `Sugar, Funky, Uptown, Saturday, Platform, Mirror, Golden, Brand-New, Midnight, Tight, Sweet, Double, Satin, Solid, Dynamite, Slick`,
    ),
    nouns: words(
      `Fever, Machine, Shoes, Line, Motion, Strut, Groove, Mirrorball, Boogie, Bump, Hustle, Cadillac, Thing, Getaway, Soul, Chicken, Disco, Elevator, Jive, Honey, Bassline, Party`,
    ),
    places: words(`Uptown, the Dance Floor, Saturday Night, the Roller Rink, Studio 9, the Block`),
    doing: words(`Strutting, Dancing, Grooving, Shaking, Moving, Bumping`),
    patterns: words(
      `A N, A N, Get Your N On, D in P, N and N, Do the N, The A N, Keep on D, N Time, A A N, P N, Shake That N, N to the N, Who's Got the N, D Shoes`,
    ),
  },
} as const satisfies Record<string, Flavour>

export type FlavourName = keyof typeof FLAVOURS

/** Names of forms in titles of art music: `F` in patterns. */
export const FORMS: Readonly<Partial<Record<string, readonly string[]>>> = {
  salon: words(
    `Nocturne, Elegy, Serenade, Minuet, Romance, Allegretto, Intermezzo, Prelude, Fantasia, Waltz, Barcarolle, Divertimento, Impromptu, Sarabande, Rondo, Lullaby`,
  ),
  sacred: words(
    `Voluntary, Prelude, Chorale, Kyrie, Sanctus, Vesper, Psalm, Offertory, Canticle, Antiphon, Hymn, Gloria, Compline`,
  ),
}

/** Given and family names, by where an artist may come from. */
export const PEOPLE = {
  english: {
    given: words(
      `Tom, Hazel, Wade, Marcus, Ruth, Otis, Delphine, Lou, Nora, Clara, Jonah, Silas, Edith, Walter, Josie, Amos, Vera, Leon, Ida, Casper, Maeve, Dexter, Pearl, Rufus, Ellen, Abel, Judith, Hank, Loretta, Miles, June, Calvin, Dora, Ezra, Flora, Gus, Hattie, Irving, Mabel, Noah`,
    ),
    family: words(
      `Whitlow, Aldous, Larkin, Calloway, Hatch, Rusk, Okoro, Thele, Merriweather, Pruitt, Sandoval, Blakely, Corrigan, Dunmore, Ellery, Fairlamb, Garrick, Holloway, Ingram, Jessop, Kincaid, Loomis, Marlowe, Nash, Ogden, Penrose, Quill, Radcliffe, Stroud, Tillman, Underhill, Vance, Wexler, Yarrow, Ashdown, Birdsong, Crane, Delacroix, Eastman, Farrow, Greer, Hobbs, Langley, Mercer, Norwood, Oakes, Pell, Rowe, Sutter, Thorne`,
    ),
  },
  continental: {
    given: words(
      `Elin, Noor, Piers, Dorothea, Ada, Anselm, Beatrix, Clemens, Dagmar, Emil, Franziska, Gustav, Helene, Ivo, Johanna, Konrad, Liv, Matthias, Nadia, Oskar, Paula, Renate, Stellan, Tilda, Ulrich, Vera, Wanda, Yannick, Zelda, Bruno, Cosima, Elias, Greta, Henrik, Ilse, Jannik, Lotte, Magnus`,
    ),
    family: words(
      `Varga, Halvorsen, Hallam, Klee, Pim, Bergqvist, Aubrac, Lindqvist, Szabo, Novak, Eriksen, Vogel, Brandt, Falk, Hansson, Jaromir, Kessler, Lemaire, Moreau, Nyberg, Olsen, Petrov, Reuter, Sorel, Thibault, Ulmer, Vasarely, Winkler, Zoric, Almgren, Bauer, Castellani, Dufour, Engel, Fontaine, Gruber, Horvath, Janssen, Koivu, Laurent, Madsen, Nowak, Ostrow, Pauwels, Rossi, Stern, Tveit, Weiss`,
    ),
  },
  hispanic: {
    given: words(
      `Rafael, Inés, Lucía, Mateo, Carmen, Joaquín, Pilar, Diego, Rosario, Manuel, Dolores, Tomás, Elena, Aurelio, Marisol, Ramón, Paloma, Esteban, Consuelo, Andrés, Beatriz, Horacio, Amparo, Julián`,
    ),
    family: words(
      `Ordóñez, del Pozo, Montoya, Reyes, Aguilar, Luna, Salazar, Cortés, Heredia, Vargas, Almagro, Soler, Ibarra, Quiroga, Paredes, Montiel, Robledo, Carrasco, Villanueva, Ferrer, Navarro, Becerra, Gallardo, Lorca, Medina, Roldán, Sandoval, Tejada, Urquiza, Zamora`,
    ),
  },
  brazilian: {
    given: words(
      `Lia, João, Marina, Caio, Teresa, Rui, Helena, Tiago, Luiza, Paulo, Dora, Nélson, Clarice, Renato, Ivone, Otávio, Bruna, Cícero, Aline, Baden`,
    ),
    family: words(
      `Monteverde, Aroeira, Lobo, Prado, Moraes, Silveira, Bandeira, Lacerda, Pires, Duarte, Nogueira, Azevedo, Barros, Campos, Figueira, Guedes, Leme, Maciel, Peixoto, Rocha, Sampaio, Teles, Valença`,
    ),
  },
} as const satisfies Record<string, { given: readonly string[]; family: readonly string[] }>

export const NUMBERS = words(
  `Two, Three, Four, Five, Six, Seven, Nine, Ten, Twelve, Forty, A Hundred, A Thousand`,
)
export const SPANISH_NUMBERS = words(`Dos, Tres, Cuatro, Siete, Cien, Mil`)
