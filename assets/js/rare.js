// What few pages need: use.js fetches this at first use.
//
//   complete.js  people and emoji in the composer
//   emoji.js     finds emoji, and the picker, also for a reaction
//   jump.js      Ctrl K
//   permit.js    permission for notifications, in the profile
//   play.js      the sound of a message
//   reveal.js    shows a password
//   viewer.js    the keys on the page of a photo

import { complete } from './complete.js'
import { react } from './emoji.js'
import { jump } from './jump.js'
import { permit } from './permit.js'
import { play } from './play.js'
import { reveal } from './reveal.js'
import { viewer } from './viewer.js'

parley.rare = { complete, jump, permit, play, react, reveal, viewer }
