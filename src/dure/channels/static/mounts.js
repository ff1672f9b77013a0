// What other nouns of channels mount into these views, in one list; a null is a place that nothing fills yet. It imports
// nothing, so that what is mounted may use these views itself. `mounted.js` fills it.
export const mounts = {
  // files.js, files_pane.js, page_pane.js
  FileCards: null,         // props files, channel, canWrite
  useUpload: null,         // (channel, thread) → {items, add(files), clear(), busy, failed, ids(), names()}
  UploadTray: null,        // props upload
  AttachButton: null,      // props upload
  takeDrops: null,         // (element, () → upload) → stop
  takePaste: null,         // (event, upload)
  FilesPane: null,         // props room, canWrite, close
  PagePane: null,          // props room, close
  firstEntry: null,        // async room → whether its page is to be shown to who comes for the first time
  // charter.js, customer_link.js, needed.js
  CharterCard: null,       // props room, show()
  CharterPane: null,       // props room, close
  CustomerLink: null,      // props room
  Needed: null,            // props room, changed()
  // pins.js, edits.js
  PinsPane: null,          // props room, people, close, jump(ts)
  BookmarkBar: null,       // props room
  pin: null,               // async (message, on)
  openEdits: null,         // (message, people): how it was written before
  // presence.js, notifying.js, groups
  startPresence: null, startNotices: null,
  Dot: null,               // props user
  statusOf: null,          // userId → {emoji, text} or null
  Typing: null,            // props channel, thread
  tellTyping: null,        // (channel, thread)
  ChannelNotice: null,     // props room
  isMuted: null,           // channel → whether I want to hear nothing of it
  remind: null,            // async message
  groups: null,            // () → [{id, handle, name}], to be mentioned
  // modal.js, shortcuts.js, app_home.js
  startModals: null, startShortcuts: null,
  messageShortcuts: null,  // message → [{label, hint, icon, run}]
  slashCommands: null,     // async () → [{name, about, usage}]
  isCommand: null,         // line → whether it is one
  runCommand: null,        // async (channel, line, thread)
  botOf: null,             // (room, people) → the bot with which one talks here, or null
  HomeTabs: null,          // props room, bot, tab, change(tab)
  AppHome: null,           // props room, bot, people
  // scheduled.js, own.js, search.js
  ScheduleMenu: null,      // props channel, thread, text() → what is to be sent, done()
  ScheduledList: null,     // no props: what is to be sent later
  readThread: null,        // async (channel, thread, ts)
  whispers: null,          // async channel → {messages, people}: what only this person is shown there
  dismissWhisper: null,    // async message
  searchIn: null,          // (room, people): goes to the search of one conversation
};

export function mount(parts) {
  for (const name of Object.keys(parts)) if (!(name in mounts)) throw new TypeError(`Nothing of channels has a place for ${name}.`);
  Object.assign(mounts, parts);
}
