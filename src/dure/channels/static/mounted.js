// Which parts stand in the places of `mounts.js`. Every page of channels imports this first.
import { go } from '../web/kit.js';
import { AppHome, botOf, HomeTabs } from './app_home.js';
import { CharterCard, CharterPane } from './charter.js';
import { CustomerLink } from './customer_link.js';
import { openEdits } from './edits.js';
import { AttachButton, FileCards, takeDrops, takePaste, UploadTray, useUpload } from './files.js';
import { FilesPane } from './files_pane.js';
import { groups } from './groups_known.js';
import { startModals } from './modal.js';
import { mount } from './mounts.js';
import { ChannelNotice, isMuted, remind } from './notifying.js';
import { dismissWhisper, readThread, whispers } from './own.js';
import { Needed } from './needed.js';
import { firstEntry, PagePane } from './page_pane.js';
import { BookmarkBar, pin, PinsPane } from './pins.js';
import { Dot, statusOf, tellTyping, Typing } from './presence.js';
import { label } from './rooms.js';
import { ScheduledList, ScheduleMenu } from './scheduled.js';
import { term } from './search_query.js';
import { isCommand, messageShortcuts, runCommand, slashCommands } from './shortcuts.js';

const searchIn = (room, people) => go(`/search?q=${encodeURIComponent(term('in', (room.kind === 'channel' ? '#' : '@') + label(room, people)) + ' ')}`);

mount({
  FileCards, useUpload, UploadTray, AttachButton, takeDrops, takePaste, FilesPane, PagePane, firstEntry, CharterCard, CharterPane, CustomerLink, Needed,
  PinsPane, BookmarkBar, pin, openEdits,
  Dot, statusOf, Typing, tellTyping, ChannelNotice, isMuted, remind, groups,
  startModals, messageShortcuts, slashCommands, isCommand, runCommand, botOf, HomeTabs, AppHome,
  ScheduleMenu, ScheduledList, readThread, whispers, dismissWhisper, searchIn,
});
