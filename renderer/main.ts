import './no-eval.ts';
import './styles/base.css';
import { mount } from 'svelte';
import Root from './components/Root.svelte';
import { openMessagePort } from './transport/message-port.ts';
import { openWebSocket } from './transport/web-socket.ts';

const isDesktop = location.protocol === 'afterimage:';

mount(Root, { target: document.body, props: { open: isDesktop ? openMessagePort : openWebSocket } });
