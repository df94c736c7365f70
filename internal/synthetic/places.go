package synthetic

// city is a real city with the three digits its ZIP codes begin with.
type city struct{ name, zip3 string }

// place is a State (45 CFR 160.103) with its telephone area code, the States
// some of its practices' patients live in, and a weight of roughly its
// population in half millions.
type place struct {
	state, areaCode string
	weight          int
	neighbours      []string
	cities          []city
}

var places = []place{
	{"AL", "205", 10, []string{"GA", "MS"}, []city{{"Birmingham", "352"}, {"Montgomery", "361"}, {"Huntsville", "358"}}},
	{"AK", "907", 1, []string{"WA"}, []city{{"Anchorage", "995"}, {"Juneau", "998"}}},
	{"AZ", "602", 15, []string{"NM", "NV"}, []city{{"Phoenix", "850"}, {"Tucson", "857"}}},
	{"AR", "501", 6, []string{"MO", "TN"}, []city{{"Little Rock", "722"}, {"Fayetteville", "727"}}},
	{"CA", "916", 78, []string{"NV", "OR"}, []city{{"Los Angeles", "900"}, {"Sacramento", "958"}, {"Fresno", "937"}, {"San Diego", "921"}}},
	{"CO", "303", 12, []string{"WY", "KS"}, []city{{"Denver", "802"}, {"Colorado Springs", "809"}}},
	{"CT", "860", 7, []string{"MA", "NY"}, []city{{"Hartford", "061"}, {"New Haven", "065"}}},
	{"DE", "302", 2, []string{"MD", "PA"}, []city{{"Wilmington", "198"}, {"Dover", "199"}}},
	{"DC", "202", 1, []string{"MD", "VA"}, []city{{"Washington", "200"}}},
	{"FL", "407", 45, []string{"GA", "AL"}, []city{{"Miami", "331"}, {"Orlando", "328"}, {"Tampa", "336"}, {"Jacksonville", "322"}}},
	{"GA", "404", 22, []string{"FL", "AL"}, []city{{"Atlanta", "303"}, {"Savannah", "314"}, {"Macon", "312"}}},
	{"HI", "808", 3, []string{"CA"}, []city{{"Honolulu", "968"}, {"Hilo", "967"}}},
	{"ID", "208", 4, []string{"OR", "UT"}, []city{{"Boise", "837"}, {"Pocatello", "832"}}},
	{"IL", "217", 25, []string{"WI", "IN"}, []city{{"Chicago", "606"}, {"Springfield", "627"}, {"Peoria", "616"}}},
	{"IN", "317", 14, []string{"IL", "OH"}, []city{{"Indianapolis", "462"}, {"Fort Wayne", "468"}}},
	{"IA", "515", 6, []string{"IL", "NE"}, []city{{"Des Moines", "503"}, {"Cedar Rapids", "524"}}},
	{"KS", "316", 6, []string{"MO", "OK"}, []city{{"Wichita", "672"}, {"Topeka", "666"}}},
	{"KY", "502", 9, []string{"OH", "TN"}, []city{{"Louisville", "402"}, {"Lexington", "405"}}},
	{"LA", "504", 9, []string{"MS", "TX"}, []city{{"New Orleans", "701"}, {"Baton Rouge", "708"}}},
	{"ME", "207", 3, []string{"NH", "MA"}, []city{{"Portland", "041"}, {"Bangor", "044"}}},
	{"MD", "410", 12, []string{"VA", "DC"}, []city{{"Baltimore", "212"}, {"Silver Spring", "209"}, {"Annapolis", "214"}}},
	{"MA", "617", 14, []string{"NH", "CT"}, []city{{"Boston", "021"}, {"Worcester", "016"}, {"Springfield", "011"}}},
	{"MI", "517", 20, []string{"OH", "IN"}, []city{{"Detroit", "482"}, {"Lansing", "489"}, {"Grand Rapids", "495"}}},
	{"MN", "612", 11, []string{"WI", "IA"}, []city{{"Minneapolis", "554"}, {"Duluth", "558"}}},
	{"MS", "601", 6, []string{"AL", "LA"}, []city{{"Jackson", "392"}, {"Biloxi", "395"}}},
	{"MO", "816", 12, []string{"KS", "IL"}, []city{{"Kansas City", "641"}, {"St. Louis", "631"}, {"Springfield", "658"}}},
	{"MT", "406", 2, []string{"ID", "WY"}, []city{{"Billings", "591"}, {"Helena", "596"}}},
	{"NE", "402", 4, []string{"IA", "KS"}, []city{{"Omaha", "681"}, {"Lincoln", "685"}}},
	{"NV", "702", 6, []string{"CA", "AZ"}, []city{{"Las Vegas", "891"}, {"Reno", "895"}}},
	{"NH", "603", 3, []string{"MA", "VT"}, []city{{"Manchester", "031"}, {"Concord", "033"}}},
	{"NJ", "732", 19, []string{"NY", "PA"}, []city{{"Newark", "071"}, {"Trenton", "086"}, {"Somerset", "088"}}},
	{"NM", "505", 4, []string{"TX", "AZ"}, []city{{"Albuquerque", "871"}, {"Santa Fe", "875"}}},
	{"NY", "518", 39, []string{"NJ", "CT"}, []city{{"New York", "100"}, {"Albany", "122"}, {"Buffalo", "142"}, {"Rochester", "146"}}},
	{"NC", "919", 22, []string{"SC", "VA"}, []city{{"Charlotte", "282"}, {"Raleigh", "276"}, {"Asheville", "288"}}},
	{"ND", "701", 2, []string{"MN", "SD"}, []city{{"Fargo", "581"}, {"Bismarck", "585"}}},
	{"OH", "614", 24, []string{"KY", "IN"}, []city{{"Columbus", "432"}, {"Cleveland", "441"}, {"Dayton", "454"}}},
	{"OK", "405", 8, []string{"TX", "KS"}, []city{{"Oklahoma City", "731"}, {"Tulsa", "741"}}},
	{"OR", "503", 8, []string{"WA", "ID"}, []city{{"Portland", "972"}, {"Salem", "973"}, {"Eugene", "974"}}},
	{"PA", "717", 26, []string{"NJ", "OH"}, []city{{"Philadelphia", "191"}, {"Pittsburgh", "152"}, {"Harrisburg", "171"}}},
	{"RI", "401", 2, []string{"MA", "CT"}, []city{{"Providence", "029"}, {"Warwick", "028"}}},
	{"SC", "803", 11, []string{"NC", "GA"}, []city{{"Columbia", "292"}, {"Charleston", "294"}}},
	{"SD", "605", 2, []string{"ND", "NE"}, []city{{"Sioux Falls", "571"}, {"Rapid City", "577"}}},
	{"TN", "615", 14, []string{"KY", "GA"}, []city{{"Nashville", "372"}, {"Memphis", "381"}, {"Knoxville", "379"}}},
	{"TX", "512", 61, []string{"OK", "LA"}, []city{{"Houston", "770"}, {"Dallas", "752"}, {"San Antonio", "782"}, {"Austin", "787"}}},
	{"UT", "801", 7, []string{"ID", "NV"}, []city{{"Salt Lake City", "841"}, {"Provo", "846"}}},
	{"VT", "802", 1, []string{"NH", "NY"}, []city{{"Burlington", "054"}, {"Rutland", "057"}}},
	{"VA", "804", 17, []string{"MD", "DC"}, []city{{"Richmond", "232"}, {"Norfolk", "235"}, {"Roanoke", "240"}}},
	{"WA", "206", 16, []string{"OR", "ID"}, []city{{"Seattle", "981"}, {"Tacoma", "984"}, {"Spokane", "992"}}},
	{"WV", "304", 4, []string{"OH", "VA"}, []city{{"Charleston", "253"}, {"Morgantown", "265"}}},
	{"WI", "608", 12, []string{"IL", "MN"}, []city{{"Madison", "537"}, {"Milwaukee", "532"}}},
	{"WY", "307", 1, []string{"CO", "MT"}, []city{{"Cheyenne", "820"}, {"Casper", "826"}}},
	{"PR", "787", 6, []string{"FL"}, []city{{"San Juan", "009"}, {"Ponce", "007"}}},
	{"VI", "340", 1, []string{"PR"}, []city{{"Charlotte Amalie", "008"}}},
	{"GU", "671", 1, []string{"HI"}, []city{{"Hagåtña", "969"}}},
}

// cityZones are the zones of cities whose days end later than the first in
// their State (breach.Practice.ZoneName).
var cityZones = map[string]string{
	"Nashville": "America/Chicago", "Memphis": "America/Chicago",
	"Phoenix": "America/Phoenix", "Tucson": "America/Phoenix",
}

// tour is the order in which ordinary practices first visit the States, two in
// each, so that a small incident spans many and still has neighbours in one.
var tour = []string{
	"PR", "DC", "GA", "NC", "WA", "NJ", "TX", "CA", "CO", "MI", "TN", "AZ", "LA", "MD", "WI", "IN", "MO", "OR",
	"CT", "OK", "SC", "KY", "UT", "NV", "IA", "NM", "AL", "KS", "NH", "ME", "HI", "ID", "NE", "WV", "MT", "RI",
	"DE", "SD", "ND", "AK", "VT", "WY", "VI", "GU", "MS", "AR", "IL", "NY", "FL", "OH", "PA", "MA", "MN", "VA",
}

// placeIndex is where in places each State is.
var placeIndex = func() map[string]int {
	m := make(map[string]int, len(places))
	for i := range places {
		m[places[i].state] = i
	}
	return m
}()

// placeOf returns the place with a code of the tables above.
func placeOf(state string) *place { return &places[placeIndex[state]] }

// totalWeight is the sum of the places' weights.
var totalWeight = func() int {
	sum := 0
	for _, p := range places {
		sum += p.weight
	}
	return sum
}()

// byWeight returns the place at n of totalWeight.
func byWeight(n int) *place {
	for i := range places {
		if n -= places[i].weight; n < 0 {
			return &places[i]
		}
	}
	return &places[len(places)-1]
}

// abroad are addresses outside the United States: a street's name, the last
// line's city with what the country puts beside it, a postal code and the ISO
// 3166 code of the country.
var abroad = []struct{ street, city, postalCode, country string }{
	{"Maple Terrace", "Ottawa ON", "K1A 0B1", "CA"},
	{"Elm Crescent", "Halifax NS", "B3H 4R2", "CA"},
	{"Harbour Lane", "Bristol", "BS1 4DJ", "GB"},
	{"Lindenweg", "Göttingen", "37073", "DE"},
	{"Calle Jacaranda", "Mérida, Yuc.", "97000", "MX"},
	{"ulica Lipowa", "Łódź", "90-001", "PL"},
	{"Odós Elaías", "Pátra", "262 21", "GR"},
	{"Mango Street", "Cebu City", "6000", "PH"},
}
