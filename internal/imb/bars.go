package imb

// barEnds are where the ends of each bar come from, from left to right (USPS-B-3200,
// appendix D, table IV).
var barEnds = [Bars]struct{ down, up end }{
	{end{'H', 2}, end{'E', 3}}, {end{'B', 10}, end{'A', 0}}, {end{'J', 12}, end{'C', 8}}, {end{'F', 5}, end{'G', 11}}, {end{'I', 9}, end{'D', 1}},
	{end{'A', 1}, end{'F', 12}}, {end{'C', 5}, end{'B', 8}}, {end{'E', 4}, end{'J', 11}}, {end{'G', 3}, end{'I', 10}}, {end{'D', 9}, end{'H', 6}},
	{end{'F', 11}, end{'B', 4}}, {end{'I', 5}, end{'C', 12}}, {end{'J', 10}, end{'A', 2}}, {end{'H', 1}, end{'G', 7}}, {end{'D', 6}, end{'E', 9}},
	{end{'A', 3}, end{'I', 6}}, {end{'G', 4}, end{'C', 7}}, {end{'B', 1}, end{'J', 9}}, {end{'H', 10}, end{'F', 2}}, {end{'E', 0}, end{'D', 8}},
	{end{'G', 2}, end{'A', 4}}, {end{'I', 11}, end{'B', 0}}, {end{'J', 8}, end{'D', 12}}, {end{'C', 6}, end{'H', 7}}, {end{'F', 1}, end{'E', 10}},
	{end{'B', 12}, end{'G', 9}}, {end{'H', 3}, end{'I', 0}}, {end{'F', 8}, end{'J', 7}}, {end{'E', 6}, end{'C', 10}}, {end{'D', 4}, end{'A', 5}},
	{end{'I', 4}, end{'F', 7}}, {end{'H', 11}, end{'B', 9}}, {end{'G', 0}, end{'J', 6}}, {end{'A', 6}, end{'E', 8}}, {end{'C', 1}, end{'D', 2}},
	{end{'F', 9}, end{'I', 12}}, {end{'E', 11}, end{'G', 1}}, {end{'J', 5}, end{'H', 4}}, {end{'D', 3}, end{'B', 2}}, {end{'A', 7}, end{'C', 0}},
	{end{'B', 3}, end{'E', 1}}, {end{'G', 10}, end{'D', 5}}, {end{'I', 7}, end{'J', 4}}, {end{'C', 11}, end{'F', 6}}, {end{'A', 8}, end{'H', 12}},
	{end{'E', 2}, end{'I', 1}}, {end{'F', 10}, end{'D', 0}}, {end{'J', 3}, end{'A', 9}}, {end{'G', 5}, end{'C', 4}}, {end{'H', 8}, end{'B', 7}},
	{end{'F', 0}, end{'E', 5}}, {end{'C', 3}, end{'A', 10}}, {end{'G', 12}, end{'J', 2}}, {end{'D', 11}, end{'B', 6}}, {end{'I', 8}, end{'H', 9}},
	{end{'F', 4}, end{'A', 11}}, {end{'B', 5}, end{'C', 2}}, {end{'J', 1}, end{'E', 12}}, {end{'I', 3}, end{'G', 6}}, {end{'H', 0}, end{'D', 7}},
	{end{'E', 7}, end{'H', 5}}, {end{'A', 12}, end{'B', 11}}, {end{'C', 9}, end{'J', 0}}, {end{'G', 8}, end{'F', 3}}, {end{'D', 10}, end{'I', 2}},
}
