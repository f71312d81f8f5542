/** Text from outside as it may be shown: what is hidden in it, or moves other text, stands as an escape */
export { visible } from '../core/visible.ts';
