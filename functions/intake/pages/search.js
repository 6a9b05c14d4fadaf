// Shows those entries that contain every word that is typed. Without a script the page shows them all.
(() => {
  'use strict';

  // As somebody types who has no Polish letters at hand.
  const plain = (text) => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/ł/g, 'l');
  const field = document.getElementById('q');
  const list = document.getElementById('found');
  const told = document.getElementById('told');
  const entries = [...list.children].map((element) => {
    const title = plain(element.querySelector('a').textContent);
    return { element, title, text: `${title} ${plain(element.dataset.text)}` };
  });

  const find = () => {
    const words = plain(field.value).split(/\s+/).filter((word) => word !== '');
    const inTitle = ({ title }) => words.every((word) => title.includes(word));
    const found = entries.filter(({ text }) => words.every((word) => text.includes(word)));
    for (const { element } of entries) element.hidden = true;
    // What has the words in its title comes first.
    for (const entry of [...found.filter(inTitle), ...found.filter((entry) => !inTitle(entry))]) {
      entry.element.hidden = false;
      list.append(entry.element);
    }
    told.textContent = `${told.dataset.found} ${found.length}`;
  };

  field.value = new URLSearchParams(location.search).get('q') ?? '';
  field.addEventListener('input', find);
  find();
})();
