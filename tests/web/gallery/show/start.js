import { ref, sidebar, offer, go, toast } from '../web/kit.js';
const channels = ref([{ path: '/channels/C1', label: 'q4-launch', icon: 'hash', count: 3, strong: true }, { path: '/channels/C2', label: '광고운영', icon: 'hash' }, { path: '/channels/C3', label: '한빛모빌리티-계약', icon: 'lock' }]);
sidebar('channels', { items: () => channels.value, action: { label: { ko: '채널 만들기', en: 'New channel' }, run: () => toast('새 채널') } });
offer('channels', async text => channels.value.filter(c => c.label.includes(text)).map(c => ({ title: '#' + c.label, icon: 'hash', path: c.path })), { ko: '채널', en: 'Channels' });
