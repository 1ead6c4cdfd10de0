import { randomUnit } from './random.ts';

/** Short, easily told apart when called across a room, and the same in many languages' schoolbooks. */
const ANIMALS = [
  'Otter',
  'Heron',
  'Lynx',
  'Mole',
  'Wren',
  'Newt',
  'Ibex',
  'Tern',
  'Badger',
  'Crane',
  'Dingo',
  'Eagle',
  'Falcon',
  'Gecko',
  'Hare',
  'Iguana',
  'Jackal',
  'Koala',
  'Lemur',
  'Marten',
  'Ocelot',
  'Panda',
  'Quail',
  'Raven',
  'Seal',
  'Tapir',
  'Urchin',
  'Viper',
  'Walrus',
  'Yak',
  'Zebra',
  'Bison',
  'Camel',
  'Dove',
  'Elk',
  'Finch',
  'Gannet',
  'Hyena',
  'Jaguar',
  'Kiwi',
  'Llama',
  'Moose',
  'Ostrich',
  'Puffin',
  'Robin',
  'Stork',
  'Toad',
  'Vole',
  'Weasel',
  'Beaver',
  'Cobra',
  'Egret',
  'Ferret',
  'Gibbon',
  'Hornet',
  'Impala',
  'Kestrel',
  'Lark',
  'Magpie',
  'Nandu',
  'Oriole',
  'Python',
  'Rhino',
  'Swift',
] as const;

/** A name that nobody in `taken` has, while there is one; then a number tells two of them apart. */
export function animalName(taken: ReadonlySet<string>): string {
  const free = ANIMALS.filter((animal) => !taken.has(animal));
  if (free.length > 0) return free[Math.floor(randomUnit() * free.length)]!;
  for (let number = 2; ; number++) {
    const name = `${ANIMALS[Math.floor(randomUnit() * ANIMALS.length)]} ${number}`;
    if (!taken.has(name)) return name;
  }
}
