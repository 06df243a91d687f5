// Our own Dash components, namespace `vizyd`: {"namespace": "vizyd", "type": "LiveView", …}.

import { LiveView } from './LiveView.js';
import { TrackView } from './TrackView.js';
import { VideoUpload } from './VideoUpload.js';
import './graphs.js';

window.vizyd = { LiveView, TrackView, VideoUpload };
