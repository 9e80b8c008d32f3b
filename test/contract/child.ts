import { channelTransport } from '../../main/transports/channel.ts';
import { serveSuite } from './handlers.ts';

serveSuite(channelTransport(process));
