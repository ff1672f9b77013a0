// Slack's short names of the emoji that people use most; an unknown name stays as it is written.
const NAMES = {
  '+1': '👍', thumbsup: '👍', '-1': '👎', heart: '❤️', tada: '🎉', eyes: '👀', white_check_mark: '✅', heavy_check_mark: '✔️', x: '❌', pray: '🙏', clap: '👏', raised_hands: '🙌', fire: '🔥', rocket: '🚀',
  joy: '😂', smile: '😄', smiley: '😃', grin: '😁', slightly_smiling_face: '🙂', wink: '😉', heart_eyes: '😍', thinking_face: '🤔', sob: '😭', cry: '😢', sweat_smile: '😅', open_mouth: '😮', scream: '😱', rage: '😡',
  '100': '💯', muscle: '💪', ok_hand: '👌', wave: '👋', bulb: '💡', bell: '🔔', warning: '⚠️', rotating_light: '🚨', red_circle: '🔴', large_yellow_circle: '🟡', large_green_circle: '🟢', large_blue_circle: '🔵',
  chart_with_upwards_trend: '📈', chart_with_downwards_trend: '📉', bar_chart: '📊', memo: '📝', pushpin: '📌', calendar: '📅', clock3: '🕒', hourglass_flowing_sand: '⏳', moneybag: '💰', handshake: '🤝', trophy: '🏆',
  speech_balloon: '💬', mega: '📣', loudspeaker: '📢', headphones: '🎧', microphone: '🎤', musical_note: '🎵', robot_face: '🤖', wrench: '🔧', bug: '🐛', zap: '⚡', star: '⭐', sparkles: '✨', question: '❓', exclamation: '❗', information_source: 'ℹ️', link: '🔗', lock: '🔒', email: '📧', dart: '🎯', checkered_flag: '🏁', no_entry: '⛔', arrow_right: '➡️',
};
export const PICKS = ['+1', 'eyes', 'white_check_mark', 'tada', 'heart', 'joy', 'pray', 'fire', 'rocket', 'clap', 'thinking_face', 'sob', 'handshake', 'bulb', 'chart_with_upwards_trend', 'warning'];
export const emoji = name => NAMES[name.replace(/::skin-tone-\d$/, '')] ?? `:${name}:`;
