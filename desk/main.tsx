import { render } from 'preact';
import { App } from './app/app.tsx';
import './style/tokens.css';
import './style/base.css';
import './style/parts.css';
import './style/fleet.css';
import './style/matrix.css';
import './style/tenant.css';

const root = document.getElementById('desk');
if (root) render(<App />, root);
