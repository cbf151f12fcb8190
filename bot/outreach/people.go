package outreach

import (
	"fmt"
	"slices"

	"tanya/bot"
	"tanya/faq"
)

// people enters the distinct askers. Sets of people cannot be added up, but nearly: whoever subtracts the askers of one
// group from those of a larger one gets the number of people who are only in the larger one, so it must not be a small
// one either; nor what remains when several groups are subtracted that may share people. Where the number of questions is
// not said, neither is that of askers.
func (s *season) people(questions *tables, plain bool) *tables {
	t := newTables()
	t.plain = plain
	enter := func(name, counted string, c bot.AskerCell) int {
		i := t.set(name, s.askers[c])
		if !questions.shown(counted) {
			t.cells[i].never = true
		}
		return i
	}
	apart := func(whole, part int, name string) { t.addWith("only "+name, whole, part) }
	all := enter("all", totalOf("n"), bot.AskerCell{})
	var segments, activities, attended []int
	own := map[faq.Segment][]int{}
	sum := 0
	for _, a := range s.activities {
		c := bot.AskerCell{Activity: a.Code}
		if s.held(a) {
			// Who came is a number of people too, and so is who came and did not ask.
			i := t.set("came "+a.Code, a.Participants)
			attended = append(attended, i)
			sum += a.Participants
			if n := s.askers[c]; n > 0 && n <= a.Participants {
				t.addWith("rest came "+a.Code, i, enter("activity "+a.Code, of("n", "activity", a.Code), c))
			}
		}
		if s.askers[c] == 0 {
			continue
		}
		i := enter("activity "+a.Code, of("n", "activity", a.Code), c)
		activities = append(activities, i)
		apart(all, i, "not "+a.Code)
		if len(a.Segments) == 1 {
			own[a.Segments[0]] = append(own[a.Segments[0]], i)
		}
	}
	for _, seg := range faq.AllSegments() {
		i := enter("segment "+string(seg), of("n", "segment", string(seg)), bot.AskerCell{Segment: seg})
		segments = append(segments, i)
		apart(all, i, "not "+string(seg))
		for k, part := range own[seg] {
			apart(i, part, fmt.Sprint(seg, " not ", k))
		}
		if len(own[seg]) > 0 {
			t.addWith("rest segment "+string(seg), i, own[seg]...)
		}
	}
	t.addWith("rest segments", all, segments...)
	if len(activities) > 0 {
		t.addWith("rest activities", all, activities...)
	}
	t.add(t.set("came", sum), attended...)
	var topics []string
	for c := range s.askers {
		if c.Topic != "" && c.Activity == "" && c.Segment == faq.NoSegment {
			topics = append(topics, c.Topic)
		}
	}
	slices.Sort(topics)
	for _, topic := range topics {
		apart(all, enter("topic "+topic, of("n", "topic", topic), bot.AskerCell{Topic: topic}), "not "+topic)
	}
	t.protect()
	return t
}
