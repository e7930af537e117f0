// Given and family names from several cultures, combined at random. Never a combination taken from a real person.

export type Culture =
  | 'english'
  | 'german'
  | 'french'
  | 'spanish'
  | 'polish'
  | 'nordic'
  | 'turkish'
  | 'vietnamese'
  | 'greek'
  | 'cyrillic'
  | 'japanese'
  | 'arabic';

export interface NameTable {
  readonly first: readonly string[];
  readonly last: readonly string[];
  /** Latin spellings in the same order, for e-mail local parts; left out where accents need only be dropped. */
  readonly latin?: { readonly first: readonly string[]; readonly last: readonly string[] };
}

const words = (text: string): readonly string[] => text.split(' ');

export const NAMES: { readonly [culture in Culture]: NameTable } = {
  english: {
    first: words(
      'Olivia Amelia Isla Ava Grace Harriet Poppy Edith Oliver George Arthur Noah Harry Leo Stanley Ralph Beatrice Winifred Rupert Callum',
    ),
    last: words(
      "Hargreaves Whitlock Pemberton Ashdown Fairclough Thackeray Loxley Merriweather Copthorne Birtwistle Dunsford Holloway O'Shaughnessy D'Arcy O'Malley Netherby",
    ),
  },
  german: {
    first: words(
      'Jürgen Käthe Björn Annelie Matthias Gisela Günther Lieselotte Torsten Sören Anneliese Heike Rüdiger Marlene',
    ),
    last: words(
      'Müllerhain Großkreuz Bäumler Weißgerber Schönefeld Krähenbühl Vogtländer Öttinger Hüttenrauch Straßner Kößling Dürrwald',
    ),
  },
  french: {
    first: words('Amélie Zoé Hélène Benoît François Anaïs Jérôme Noëlle Cédric Maëlys Gaël Océane'),
    last: words(
      "Lefèvre-Tissot Beauséjour Châtelain Garçonnet Pélissier Crêpeau Montétagne D'Aubigny Félibien Rousselière Brûlard Desprès",
    ),
  },
  spanish: {
    first: words('Íñigo Begoña Andrés Concepción Raúl Ángela Martín Lucía Ramón Inés Jesús Sofía'),
    last: words(
      'Ibáñez-Roldán Peñarroya Güemes Zúñiga Céspedes Ordóñez Quiñones Albarracín Montañés Villaseñor Echagüe Cañizares',
    ),
  },
  polish: {
    first: words('Łukasz Małgorzata Stanisław Bożena Grażyna Wojciech Zofia Paweł Jadwiga Michał'),
    last: words(
      'Żółkiewicz Brzęczyszyn Dąbrowiecki Świętosław Gołębiowczyk Wiśniowiecka Zdrójkowski Pietrzykąt Łęczycki Kowalczewska',
    ),
  },
  nordic: {
    first: words('Åse Jørgen Øyvind Snæfríður Sigrún Bjørn Märta Pär Þórdís Søren'),
    last: words(
      'Ødegårdstrand Ångermark Sjöbergh Hæggernes Grønnevik Åkerlind Þorgrímsdóttir Bjørnlund Nygårdsvold Lindqvisth',
    ),
  },
  turkish: {
    first: words('Gülşen İbrahim Çağla Oğuz Işıl Ümit Şebnem Tuğçe'),
    last: words('Karadağlı Çelikbaş Yıldızhan Öztürkoğlu Güneşli Şahinkaya Demirağaç Işıkçı'),
  },
  vietnamese: {
    first: words('Thị Hương Đức Quỳnh Ngọc Tuấn Bích Hải'),
    last: words('Nguyễn Trần Phạm Đặng Huỳnh Vũ Bùi Đỗ'),
  },
  greek: {
    first: words('Ελένη Γιώργος Κατερίνα Δημήτρης Σοφία Νίκος Αθηνά Θεόδωρος'),
    last: words(
      'Παπαδημητρόπουλος Καραγιαννίδης Οικονομάκης Βλαχοδήμος Ξενάκογλου Τσιμπουκάκης Αλεξανδράτου Μαυρογιάννη',
    ),
    latin: {
      first: words('Eleni Giorgos Katerina Dimitris Sofia Nikos Athina Theodoros'),
      last: words(
        'Papadimitropoulos Karagiannidis Oikonomakis Vlachodimos Xenakoglou Tsimpoukakis Alexandratou Mavrogianni',
      ),
    },
  },
  cyrillic: {
    first: words('Олена Дмитро Светлана Борис Татьяна Андрій Людмила Георги'),
    last: words('Верховинська Коваленчук Заречная Снегирёв Белозёрова Подолянко Журавлинская Стояновски'),
    latin: {
      first: words('Olena Dmytro Svetlana Boris Tatiana Andrii Liudmila Georgi'),
      last: words('Verkhovynska Kovalenchuk Zarechnaya Snegiryov Belozyorova Podolianko Zhuravlinskaya Stoyanovski'),
    },
  },
  japanese: {
    first: words('花子 太一 結衣 さくら 健太 アキラ 美咲 悠人'),
    last: words('山野井 田之倉 小鳥遊 月見里 東雲 五百旗 八月一日 服部川'),
    latin: {
      first: words('Hanako Taichi Yui Sakura Kenta Akira Misaki Yuto'),
      last: words('Yamanoi Tanokura Takanashi Yamanashi Shinonome Iokibe Hozumi Hattorigawa'),
    },
  },
  arabic: {
    first: words('ليلى يوسف مريم خالد نور طارق هدى سمير'),
    last: words('الحدادي البستاني القرطبي الزهراني النجارين الصيرفي الخطاطي الفارسي'),
    latin: {
      first: words('Layla Yusuf Maryam Khalid Nour Tariq Huda Samir'),
      last: words('Alhaddadi Albustani Alqurtubi Alzahrani Alnajjarin Alsayrafi Alkhattati Alfarisi'),
    },
  },
};

/** People known by one name only. (S6) */
export const SINGLE_NAMES: readonly string[] = words(
  'Zephyrine Ozwald Calliope Teodrik Marabelle Quillon Suharti Wulandari',
);

/** The culture a given or family name comes from; english for names of none. */
export function cultureOf(name: string): Culture {
  const plain = name.normalize('NFC').trim().split(/[ -]/u)[0] ?? '';
  for (const culture of Object.keys(NAMES) as Culture[]) {
    if (NAMES[culture].first.includes(plain) || NAMES[culture].last.includes(plain)) return culture;
  }
  return 'english';
}

const FOLDED: { readonly [letter: string]: string } = {
  ß: 'ss',
  ø: 'o',
  æ: 'ae',
  å: 'a',
  ł: 'l',
  đ: 'd',
  þ: 'th',
  ð: 'd',
  ı: 'i',
  œ: 'oe',
};

/** Lower-case ASCII of a Latin name, good for the local part of an address. */
export function foldToAscii(name: string): string {
  return name
    .normalize('NFD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/\P{ASCII}/gu, (letter) => FOLDED[letter] ?? '')
    .replace(/[^a-z0-9]+/g, '');
}
