import { routeOf } from '../route.ts';
import { showPage } from '../ui/show-page.ts';
import Nowhere from '../views/Nowhere.svelte';
import Keyless from './Keyless.svelte';
import Teacher from './Teacher.svelte';

const route = routeOf(location);
if (route.page === 'teacher') showPage(Teacher, { code: route.code, key: route.key });
else if (route.page === 'keyless') showPage(Keyless, { code: route.code });
else showPage(Nowhere, {});
