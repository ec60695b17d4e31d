import type { Facts } from '../../../text/index.js'
import type { WorldTrack } from '../facts.js'

/** Moods that call for the same hours of life. */
const KINDS_OF_MOOD: Readonly<Record<string, RegExp>> = {
  calm: /^(relaxed|peaceful|serene|gentle|tender|laid-back|mellow|contemplative|spacious|meditative|easy-going|weightless|smooth|quiet|soft|soothing|reverent|intimate|warm|calm|floating|delicate|unhurried|hushed|still|restful|airy|cool|lazy|sleepy|contented|gracious|swaying|glowing|restrained)$/,
  sad: /^(melancholic|sorrowful|lonesome|lonely|sad|wistful|bittersweet|yearning|reflective|mournful|plaintive|grieving|longing|regretful|heartbroken|pensive|gloomy|desolate|homesick|solitary|weary|heartsick)$/,
  dark: /^(dark|ominous|sombre|menacing|uneasy|brooding|doom-laden|haunting|mysterious|spooky|tense|crushing|stern|sinister|eerie|bleak|cold|foreboding|aggressive|furious|dungeon-like|gloomy|desolate|heavy|brutal|grinding|stormy|industrial|metallic|militant|frosty)$/,
  happy:
    /^(cheerful|joyful|sunny|playful|festive|uplifting|bright|carefree|charming|light-hearted|hopeful|good-humoured|good-natured|bouncy|lively|euphoric|breezy|spirited|sweet|light|rollicking|jolly|merry|optimistic|radiant|jubilant|whimsical|boisterous|jaunty|infectious|cute|flirtatious|rowdy|contented|exuberant|barn-dance|sassy)$/,
  driving:
    /^(energetic|driving|aggressive|furious|frantic|anthemic|rebellious|raw|gritty|fiery|urgent|agitated|rushing|restless|intense|relentless|virtuosic|busy|swinging|pounding|fierce|triumphant|boisterous|rousing|wild|punchy|galloping|swaggering|strutting|breathless|hectic|soaring|powerful|stormy|sweaty|brutal|pulsing)$/,
  romantic:
    /^(romantic|sensual|passionate|intimate|tender|warm|elegant|seductive|loving|flirtatious|graceful|glamorous)$/,
  night:
    /^(late-night|smoky|nocturnal|neon-lit|hypnotic|dubby|smouldering|smooth|moody|soulful|slow-burning|moonlit|liquid|groovy)$/,
  dreamy:
    /^(dreamy|innocent|nostalgic|weightless|floating|wistful|hazy|shimmering|ethereal|dreamlike|glittering|luminous|moonlit|wandering|glowing)$/,
  grand:
    /^(majestic|epic|heroic|proud|grand|triumphant|radiant|solemn|stately|noble|ceremonial|courtly|soaring|brilliant|ancient)$/,
}

const HUSHED = 0.42
const FULL = 0.68

/** Flags for how a piece feels, from its moods and its energy. */
export function moodFlags({ moods, energy, mode, tempo }: WorldTrack): Facts {
  const flags: Record<string, string> = {}
  for (const [kind, pattern] of Object.entries(KINDS_OF_MOOD))
    if (moods.some((mood) => pattern.test(mood))) flags[kind] = ''
  if (Object.keys(flags).length === 0) {
    if (energy < HUSHED) flags[mode === 'minor' ? 'sad' : 'calm'] = ''
    else if (energy > FULL) flags['driving'] = ''
  }
  flags[energy < HUSHED ? 'hushed' : energy > FULL ? 'full' : 'middling'] = ''
  if (/fast/.test(tempo)) flags['racing'] = ''
  return flags
}
