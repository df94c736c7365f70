package synthetic

// pool is a family of names: given names by the sex they are commonly given
// to, family names, and the BCP 47 language some of its people ask for. Where
// family names have a feminine form, feminine lists it in the same order.
type pool struct {
	language     string
	weight       int // of a thousand people
	nonLatin     bool
	women, men   []string
	family       []string
	feminine     []string
	middleNames  bool
	speakPercent int // who asks for language rather than for English
}

var pools = []pool{
	{
		language: "en", weight: 690, middleNames: true, speakPercent: 100,
		women: []string{
			"Mary", "Linda", "Susan", "Karen", "Nancy", "Betty", "Sandra", "Ashley", "Emily", "Michelle", "Amanda", "Melissa",
			"Deborah", "Rebecca", "Laura", "Sharon", "Cynthia", "Kathleen", "Amy", "Angela", "Brenda", "Emma", "Olivia", "Grace",
			"Hannah", "Chloe", "Abigail", "Ruth", "Gloria", "Keisha", "Latoya", "Imani", "Zoë", "Renée", "Anne-Marie", "Mary-Jo",
		},
		men: []string{
			"James", "Robert", "John", "Michael", "David", "William", "Richard", "Joseph", "Thomas", "Charles", "Daniel", "Matthew",
			"Anthony", "Mark", "Steven", "Paul", "Andrew", "Joshua", "Kevin", "Brian", "George", "Edward", "Ronald", "Timothy",
			"Jason", "Jeffrey", "Ryan", "Jacob", "Noah", "Liam", "Ethan", "Darnell", "Malik", "Tyrone", "D'Andre", "Jean-Luc",
		},
		family: []string{
			"Smith", "Johnson", "Williams", "Brown", "Jones", "Miller", "Davis", "Wilson", "Anderson", "Taylor", "Moore", "Jackson",
			"Martin", "Thompson", "White", "Harris", "Clark", "Lewis", "Robinson", "Walker", "Young", "Allen", "King", "Wright",
			"Scott", "Hill", "Green", "Adams", "Baker", "Nelson", "Carter", "Mitchell", "Roberts", "Turner", "Phillips", "Campbell",
			"Parker", "Evans", "Edwards", "Collins", "Stewart", "Morris", "Murphy", "Cook", "Rogers", "Morgan", "Cooper", "Reed",
			"O'Connor", "O'Brien", "McDonald", "MacLeod", "St. John", "Smith-Jones", "Hart-Bailey", "Van Dyke",
		},
	},
	{
		language: "es", weight: 130, speakPercent: 45,
		women: []string{"María", "Carmen", "Ana", "Rosa", "Lucía", "Guadalupe", "Teresa", "Sofía", "Inés", "Ximena", "Pilar", "Verónica"},
		men:   []string{"José", "Juan", "Luis", "Carlos", "Jesús", "Miguel", "Ángel", "Óscar", "Ramón", "Andrés", "Héctor", "Raúl"},
		family: []string{
			"García", "Rodríguez", "Martínez", "Hernández", "López", "González", "Pérez", "Sánchez", "Ramírez", "Torres", "Flores",
			"Rivera", "Gómez", "Díaz", "Cruz", "Reyes", "Muñoz", "Ibáñez", "García Márquez", "de la Cruz", "Núñez-Ortiz", "Peña",
		},
	},
	{
		language: "vi", weight: 22, speakPercent: 40,
		women:  []string{"Thị Hồng", "Ngọc Ánh", "Thùy Dương", "Mỹ Linh", "Phương Thảo", "Bích Trâm"},
		men:    []string{"Văn Đức", "Minh Tuấn", "Quốc Bảo", "Hữu Phước", "Đình Khôi", "Thế Vinh"},
		family: []string{"Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ"},
	},
	{
		language: "zh-Hans", weight: 22, speakPercent: 35,
		women:  []string{"Mei", "Xiu Ying", "Lan", "Hui Fen", "Jing", "Yan"},
		men:    []string{"Wei", "Jun", "Guo Qiang", "Bo", "Ming", "Zhi Hao"},
		family: []string{"Wang", "Li", "Zhang", "Liu", "Chen", "Yang", "Zhao", "Huang", "Zhou", "Wu", "Lü", "Xu"},
	},
	{
		language: "hi", weight: 20, speakPercent: 10,
		women:  []string{"Priya", "Anjali", "Lakshmi", "Sunita", "Kavita", "Meera"},
		men:    []string{"Raj", "Arjun", "Sanjay", "Vikram", "Anil", "Suresh"},
		family: []string{"Patel", "Shah", "Singh", "Kumar", "Sharma", "Gupta", "Reddy", "Iyer", "Subramaniam", "Rao"},
	},
	{
		language: "fr", weight: 16, speakPercent: 20,
		women:  []string{"Élodie", "Françoise", "Geneviève", "Marie-Ève", "Hélène", "Noëlle"},
		men:    []string{"François", "Étienne", "Jérôme", "Benoît", "Loïc", "Jean-François"},
		family: []string{"Lefèvre", "Bélanger", "Côté", "Gagné", "d'Aubigny", "L'Écuyer", "Beauséjour", "Saint-Cœur"},
	},
	{
		language: "ht", weight: 12, speakPercent: 50,
		women:  []string{"Mirlande", "Roseline", "Fabiola", "Islande"},
		men:    []string{"Wilner", "Dieudonné", "Emmanuel", "Jocelyn"},
		family: []string{"Jean-Baptiste", "Pierre-Louis", "Désir", "Toussaint", "Saint-Fleur", "Augustin"},
	},
	{
		language: "pl", weight: 14, speakPercent: 25,
		women:    []string{"Małgorzata", "Agnieszka", "Elżbieta", "Żaneta", "Zofia"},
		men:      []string{"Łukasz", "Paweł", "Grzegorz", "Wojciech", "Stanisław"},
		family:   []string{"Kowalski", "Wiśniewski", "Wójcik", "Dąbrowski", "Zieliński", "Szymański", "Źrebiec"},
		feminine: []string{"Kowalska", "Wiśniewska", "Wójcik", "Dąbrowska", "Zielińska", "Szymańska", "Źrebiec"},
	},
	{
		language: "tr", weight: 8, speakPercent: 30,
		women:  []string{"Ayşe", "Gülşen", "İpek", "Işıl", "Zeynep"},
		men:    []string{"İbrahim", "Çağrı", "Oğuz", "Işık", "Ümit"},
		family: []string{"Yılmaz", "Şahin", "Öztürk", "Çelik", "Aydın", "Doğan", "İnönülü"},
	},
	{
		language: "pt-BR", weight: 10, speakPercent: 40,
		women:  []string{"Conceição", "Fernanda", "Júlia", "Luísa"},
		men:    []string{"João", "Antônio", "Gonçalo", "Tomás"},
		family: []string{"Gonçalves", "Araújo", "Simões", "Conceição", "Magalhães", "da Silva"},
	},
	{
		language: "ko", weight: 10, speakPercent: 35,
		women:  []string{"Ji-woo", "Seo-yeon", "Eun-ji", "Min-seo"},
		men:    []string{"Min-jun", "Seung-ho", "Ji-hoon", "Dong-hyun"},
		family: []string{"Kim", "Lee", "Park", "Choi", "Jung", "Kang"},
	},
	{
		language: "ar", weight: 10, speakPercent: 30,
		women:  []string{"Fatima", "Layla", "Amina", "Noor"},
		men:    []string{"Omar", "Youssef", "Khalid", "Abd al-Rahman"},
		family: []string{"Haddad", "Al-Masri", "Nasser", "Khoury", "El-Amin", "Mansour"},
	},
	{
		language: "tl", weight: 10, speakPercent: 20,
		women:  []string{"Maricel", "Rowena", "Liezl", "Jocelyn"},
		men:    []string{"Rommel", "Jun-Jun", "Arnel", "Danilo"},
		family: []string{"Dela Cruz", "Bautista", "Villanueva", "Macaraeg", "Peñaflor", "Dimaculangan"},
	},
	{
		language: "is", weight: 4, speakPercent: 0,
		women:  []string{"Guðrún", "Sigríður", "Ásta", "Þórdís"},
		men:    []string{"Ægir", "Björn", "Þorsteinn", "Sæmundur"},
		family: []string{"Ólafs", "Bergström", "Ødegård", "Åkesson", "Sørensen"},
	},
	{
		language: "el", weight: 8, nonLatin: true, speakPercent: 50,
		women:    []string{"Μαρία", "Ελένη", "Αικατερίνη", "Βασιλική", "Σοφία"},
		men:      []string{"Γεώργιος", "Δημήτριος", "Κωνσταντίνος", "Ιωάννης", "Νικόλαος"},
		family:   []string{"Παπαδόπουλος", "Βλάχος", "Αγγελόπουλος", "Νικολαΐδης", "Οικονόμου"},
		feminine: []string{"Παπαδοπούλου", "Βλάχου", "Αγγελοπούλου", "Νικολαΐδου", "Οικονόμου"},
	},
	{
		language: "uk", weight: 7, nonLatin: true, speakPercent: 60,
		women:  []string{"Оксана", "Ганна", "Їванка", "Соломія", "Наталія"},
		men:    []string{"Андрій", "Олексій", "Микола", "Євген", "Ґеник"},
		family: []string{"Шевченко", "Коваленко", "Бондаренко", "Ткаченко", "Кравченко", "Лисенко"},
	},
	{
		language: "ru", weight: 7, nonLatin: true, speakPercent: 60,
		women:    []string{"Анна", "Ольга", "Екатерина", "Светлана", "Юлия"},
		men:      []string{"Иван", "Дмитрий", "Сергей", "Алексей", "Фёдор"},
		family:   []string{"Иванов", "Кузнецов", "Соколов", "Попов", "Щербаков", "Рождественский"},
		feminine: []string{"Иванова", "Кузнецова", "Соколова", "Попова", "Щербакова", "Рождественская"},
	},
}

// specimen is a name that letters and address blocks have got wrong before.
type specimen struct {
	first, middle, last, suffix string
	nonLatin                    bool
}

// specimens appear one a practice, in turn, as the practice's sixth person.
var specimens = []specimen{
	{first: "Łukasz", last: "Nguyễn"},
	{first: "Siobhán", last: "O’Donnell"},
	{first: "İlayda", last: "Iğdırlıoğlu"},
	{first: "Γιώργος", last: "Παπαγεωργίου", nonLatin: true},
	{first: "Zoë", middle: "Anne-Marie", last: "D'Angelo-Fitzgerald", suffix: "PhD"},
	{first: "Наталья", last: "Рождественская", nonLatin: true},
	{first: "Wilhelmina", middle: "Konstantina", last: "Featherstone-Haverbrook von Hohenlinden-Altena"},
	{first: "Thị Thu Hương", middle: "", last: "Đặng Trần"},
	{first: "J", last: "O"},
	{first: "Martin", middle: "L", last: "Smith", suffix: "III"},
	{first: "Jānis", last: "Bērziņš"},
	{first: "Țării", middle: "Ștefania", last: "Mănăstireanu"},
	{first: "Mehmet Ali", last: "Küçükçelebioğlu", suffix: "Jr."},
	{first: "María de los Ángeles", middle: "Guadalupe", last: "Fernández de Córdoba y Ruiz"},
}

// unprintableNames are names the letters' fonts have no characters for: Mongolian
// letters run downwards.
var unprintableNames = []specimen{
	{first: "ᠪᠠᠲᠤ", last: "ᠪᠠᠶᠠᠷ"}, {first: "ᠰᠠᠷᠠ", last: "ᠳᠣᠷᠵᠢ"}, {first: "ᠲᠡᠮᠦᠷ", last: "ᠭᠠᠩᠪᠠᠲᠤ"}, {first: "ᠣᠶᠤᠨ", last: "ᠡᠷᠳᠡᠨᠢ"},
}

// streets are invented; houses have numbers on them.
var streets = []string{
	"Cedar Run Road", "Old Mill Lane", "Larkspur Avenue", "Quarry Ridge Drive", "Sycamore Court", "Foxglove Way", "Heron Point Road",
	"Windmill Street", "Orchard View Terrace", "Stonebridge Boulevard", "Harvest Moon Lane", "Copperfield Circle", "Juniper Bend",
	"Meadowlark Trail", "Tannery Row", "Lantern Hill Road", "Birch Hollow Drive", "Ferry Landing Street", "Wagon Wheel Road", "Elderberry Place",
}

// islandStreets are the streets of Puerto Rico.
var islandStreets = []string{"Calle Flamboyán", "Calle Los Almendros", "Avenida Ceiba", "Calle Palma Real", "Calle Guayacán"}

// Words that make a practice's name. Their counts multiply to more than
// MaxPractices, so that no two practices have the same one.
var (
	firstWords = []string{
		"Juniper", "Copper", "Willow", "Granite", "Silver", "Maple", "Amber", "Cobalt", "Heron", "Larkspur", "Bramble", "Saffron",
		"Thistle", "Falcon", "Meadow", "Cinder", "Harbor", "Indigo", "Laurel", "Marble", "Nutmeg", "Orchard", "Pebble", "Quill",
		"Russet", "Sorrel", "Tamarack", "Umber", "Violet", "Wren", "Yarrow", "Zinnia",
	}
	secondWords = []string{
		"Hollow", "Ridge", "Landing", "Crossing", "Brook", "Hearth", "Lantern", "Meadow", "Bend", "Gate", "Terrace", "Summit",
		"Grove", "Harbor", "Field", "Spring", "Mill", "Canyon", "Prairie", "Bridge", "Glen", "Cove", "Point", "Orchard",
		"Valley", "Haven", "Knoll", "Stone", "Trail", "Creek", "Acre", "Bluff",
	}
	clinicKinds = []string{
		"Family Medicine", "Pediatrics", "Internal Medicine", "Dermatology", "Orthopedics", "Cardiology", "Women's Health",
		"Eye Care", "Dental Group", "Urgent Care", "Physical Therapy", "Allergy and Asthma", "Behavioral Health", "Community Hospital",
		"Recovery Center", "Imaging",
	}
	legalForms = []string{", PLLC", ", Inc.", ", P.C.", " LLC", ", P.A.", ", L.L.P.", " Associates, Inc."}
)
