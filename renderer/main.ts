import './no-eval.ts';
import './styles/base.css';
import './styles/system.css';
import { mount } from 'svelte';
import Root from './components/Root.svelte';
import { desktop } from './transport/desktop.ts';
import { openMessagePort } from './transport/message-port.ts';
import { openWebSocket } from './transport/web-socket.ts';

mount(Root, { target: document.body, props: { open: desktop === undefined ? openWebSocket : openMessagePort } });
