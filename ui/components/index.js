// Our own Dash components, namespace `vizyd`: {"namespace": "vizyd", "type": "LiveView", …}.

import { LiveView } from './LiveView.js';

window.vizyd = { LiveView };
