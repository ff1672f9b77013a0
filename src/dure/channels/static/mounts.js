// What other nouns of channels mount into these views, in one list; a null is a place that nothing fills yet.
export const mounts = {
  // files.js
  FileCards: null,         // props files, channel, canWrite
  useUpload: null,         // (channel, thread) → {items, add(fileList), remove(item), busy, ids()}
  UploadTray: null,        // props upload
  // page_pane.js
  PagePane: null,          // props room, close
  // pins.js
  PinsPane: null,          // props room, people, close, jump(ts)
  BookmarkBar: null,       // props room
  pin: null,               // async (message, on)
  // presence.js
  presence: null,          // userId → 'active' | 'away'
  statusOf: null,          // userId → {emoji, text} or null
  groups: null,            // () → [{id, handle, name}], to be mentioned
  Typing: null,            // props channel, thread
  tellTyping: null,        // (channel, thread)
  // notifying.js
  ChannelNotice: null,     // props room
  remind: null,            // async message
  // shortcuts.js
  messageShortcuts: null,  // message → [{label, run}]
  slashCommands: null,     // async () → [{name, about, usage}]
  runCommand: null,        // async (channel, text, thread)
  // scheduled.js
  ScheduleMenu: null,      // props channel, thread, text() → what is to be sent, done()
  ScheduledList: null,     // no props: what is to be sent later
  // messages' own state
  readThread: null,        // async (channel, thread, ts)
  whisper: null,           // async {channel, ts} → the message, where it was too long to be whispered
  dismissWhisper: null,    // async message
};
