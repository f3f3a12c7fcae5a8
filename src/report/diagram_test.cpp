#include "report/diagram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "draw/raster.h"
#include "report/diagram_drawing.h"
#include "report/phrases.h"
#include "report/sample_report.h"
#include "support/golden_image.h"
#include "support/golden_text.h"

namespace fa {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

const std::string kTestData = FA_PROJECT_DIR "/src/report/testdata/";

void call(Report& r, const std::string& caller, const std::string& callee, EdgeOrigin origin = EdgeOrigin::kTrace) {
  for (const std::string& name : {caller, callee}) {
    if (r.topology.find(name) == nullptr) r.topology.nodes.push_back({name, NodeKind::kService, true, {}});
  }
  TopologyEdgeView edge{.caller = caller, .callee = callee, .origin = origin};
  if (is_observed(origin)) {
    edge.window = CallFigures{600, 0, 60, 0.02, 0.08, std::nullopt};
    edge.baseline = CallFigures{1800, 0, 60, 0.02, 0.08, std::nullopt};
  }
  r.topology.edges.push_back(std::move(edge));
}

TopologyEdgeView& edge_of(Report& r, const std::string& caller, const std::string& callee) {
  return *std::find_if(r.topology.edges.begin(), r.topology.edges.end(),
                       [&](const TopologyEdgeView& e) { return e.caller == caller && e.callee == callee; });
}
TopologyNodeView& node_of(Report& r, const std::string& name) {
  return *std::find_if(r.topology.nodes.begin(), r.topology.nodes.end(),
                       [&](const TopologyNodeView& n) { return n.name == name; });
}

void blame(Report& r, const std::string& service, const std::string& component = {}) {
  r.verdict = Verdict::kIncident;
  Hypothesis h;
  h.rank = 1;
  h.subject = {service, "", component};
  h.mechanism = Mechanism::kDependencyTimeout;
  r.hypotheses = {h};
}

/// A shop of five: alb, web, cart, orders and its database, which does not answer.
Report five_nodes(Language language = Language::kEnglish) {
  Report r;
  r.language = language;
  call(r, "alb", "web", EdgeOrigin::kProxyLog);
  call(r, "web", "cart");
  call(r, "web", "orders");
  call(r, "orders", "postgresql/orders");
  call(r, "orders", "mail", EdgeOrigin::kDescription);
  edge_of(r, "orders", "mail").protocol = "SMTP";
  edge_of(r, "orders", "postgresql/orders").window = CallFigures{200, 190, 20, 5.0, 5.02, std::nullopt};
  edge_of(r, "web", "orders").window = CallFigures{210, 190, 21, 5.1, 5.6, std::nullopt};
  node_of(r, "alb").kind = NodeKind::kLoadBalancer;
  node_of(r, "postgresql/orders").kind = NodeKind::kDatabase;
  node_of(r, "mail") = {"mail", NodeKind::kExternal, false, {}};
  node_of(r, "orders").evidence = {"L1", "L2", "T1", "T2"};
  blame(r, "orders", "postgresql/orders");
  r.impact.affected = {"orders", "web"};
  r.incident.alarm = Alarm{"alb", "HTTPCode_Target_5XX_Count", "Sum", std::nullopt};
  return r;
}

/// `gateway` calls `a` to `d`; each calls further services that call `leaf...`; `c` is at fault.
Report many_nodes(int services, Language language = Language::kEnglish) {
  Report r;
  r.language = language;
  for (const std::string front : {"a", "b", "c", "d"}) call(r, "gateway", "service-" + front);
  for (int i = 5; i < services; ++i) {
    const std::string name = "leaf-" + std::to_string(100 + i);
    call(r, i < 9 ? "service-c" : i % 3 == 0 ? "service-a" : "leaf-" + std::to_string(100 + i / 2), name);
  }
  blame(r, "service-c");
  edge_of(r, "gateway", "service-c").window = CallFigures{600, 120, 60, 0.02, 2.5, std::nullopt};
  r.impact.affected = {"gateway", "service-c"};
  return r;
}

const DiagramNode* shown(const Diagram& d, const std::string& name) {
  const auto it = std::find_if(d.nodes.begin(), d.nodes.end(), [&](const DiagramNode& n) { return n.name == name; });
  return it == d.nodes.end() ? nullptr : &*it;
}

std::vector<std::string> path_of(const Diagram& d) {
  std::vector<std::string> out;
  for (const DiagramEdge& e : d.edges) {
    if (e.path) out.push_back(d.nodes[e.from].name + ">" + d.nodes[e.to].name);
  }
  return out;
}

std::size_t members(const Diagram& d) {
  return std::accumulate(d.nodes.begin(), d.nodes.end(), std::size_t{0},
                         [](std::size_t sum, const DiagramNode& n) { return sum + n.members; });
}

bool has_graphviz() { return lay_out(make_diagram(five_nodes()), {}, {}).has_value(); }
constexpr const char* kNoGraphviz = "Graphviz is not installed";

TEST(Diagram, marks_the_cause_the_call_it_names_and_the_path_of_the_symptom) {
  const Diagram d = make_diagram(five_nodes());
  ASSERT_EQ(d.nodes.size(), 6U);
  EXPECT_EQ(shown(d, "orders")->mark, DiagramMark::kCause);
  EXPECT_EQ(shown(d, "postgresql/orders")->mark, DiagramMark::kInvolved);
  EXPECT_EQ(shown(d, "web")->mark, DiagramMark::kSymptom);
  EXPECT_EQ(shown(d, "cart")->mark, DiagramMark::kNone);
  EXPECT_TRUE(shown(d, "alb")->alarm);
  EXPECT_THAT(path_of(d), UnorderedElementsAre("alb>web", "web>orders"));
  EXPECT_EQ(std::count_if(d.edges.begin(), d.edges.end(), [](const DiagramEdge& e) { return e.failing; }), 1);
}

TEST(Diagram, marks_no_place_where_the_data_cannot_tell) {
  for (const Verdict verdict : {Verdict::kCannotTell, Verdict::kNoIncident}) {
    Report r = five_nodes();
    r.verdict = verdict;
    const Diagram d = make_diagram(r);
    EXPECT_EQ(shown(d, "orders")->mark, DiagramMark::kSymptom);
    EXPECT_TRUE(path_of(d).empty());
  }
}

TEST(Diagram, is_empty_where_no_call_is_known) {
  Report r = five_nodes();
  r.topology.edges.clear();
  EXPECT_TRUE(make_diagram(r).empty());
  EXPECT_EQ(diagram_mermaid(make_diagram(r)), "");
  EXPECT_EQ(diagram_dot(make_diagram(r)), "");
  const auto drawing = diagram_drawing(r, {"/no/such/dot"}, {});
  ASSERT_TRUE(drawing);
  EXPECT_FALSE(*drawing) << "and nobody is asked for a layout";
  r.topology.edges = {{.caller = "a", .callee = "a"}};
  EXPECT_TRUE(make_diagram(r).empty());
}

TEST(Diagram, the_path_takes_the_fewest_calls_and_joins_the_alarm) {
  Report r;
  call(r, "edge", "web");
  call(r, "web", "cart");
  call(r, "web", "db");
  call(r, "cart", "db");
  call(r, "db", "web");  // A cycle.
  blame(r, "db");
  r.impact.affected = {"web", "cart"};
  EXPECT_THAT(path_of(make_diagram(r)), UnorderedElementsAre("web>db", "cart>db"));
  // Healthy by all that is known, and between the alarm and the cause all the same.
  r.incident.alarm = Alarm{"edge", "", "", std::nullopt};
  r.impact.affected = {};
  EXPECT_THAT(path_of(make_diagram(r)), UnorderedElementsAre("edge>web", "web>db"));
}

TEST(Diagram, a_suspect_nobody_calls_stands_alone) {
  Report r = five_nodes();
  r.topology.nodes.push_back({"worker", NodeKind::kService, true, {}});
  r.topology.nodes.push_back({"bystander", NodeKind::kService, true, {}});
  blame(r, "worker");
  EXPECT_EQ(shown(make_diagram(r), "worker")->mark, DiagramMark::kCause);
  EXPECT_EQ(shown(make_diagram(r), "bystander"), nullptr);
}

TEST(Diagram, folds_what_is_healthy_and_far_from_the_cause) {
  const Diagram fifteen = make_diagram(many_nodes(15));
  EXPECT_EQ(fifteen.nodes.size(), 15U);
  EXPECT_EQ(fifteen.folded, 0U);

  Report r = many_nodes(40);
  r.impact.affected.emplace_back("leaf-139");
  const Diagram forty = make_diagram(r);
  EXPECT_EQ(members(forty), 40U) << "nothing is lost";
  EXPECT_GT(forty.folded, 15U);
  EXPECT_LE(forty.nodes.size(), kMostDiagramNodes + 6);
  for (const char* kept : {"gateway", "service-a", "service-c", "leaf-105", "leaf-108", "leaf-139"}) {
    EXPECT_NE(shown(forty, kept), nullptr) << kept;
  }
  for (std::size_t i = 0; i < forty.nodes.size(); ++i) {
    if (!forty.nodes[i].group()) continue;
    const auto arrows = std::count_if(forty.edges.begin(), forty.edges.end(),
                                      [&](const DiagramEdge& e) { return e.from == i || e.to == i; });
    EXPECT_GE(arrows, 1);
    EXPECT_EQ(forty.nodes[i].members_with_symptoms, 0U);
  }
  EXPECT_THAT(diagram_words::remark(forty), HasSubstr(std::to_string(forty.folded)));
}

TEST(Diagram, a_crowd_around_the_cause_is_folded_too) {
  Report r;
  for (int i = 0; i < 300; ++i) call(r, "caller-" + std::to_string(1000 + i), "hub");
  blame(r, "hub");
  for (int i = 0; i < 20; ++i) r.impact.affected.push_back("caller-" + std::to_string(1000 + i));
  const Diagram d = make_diagram(r);
  EXPECT_EQ(members(d), 301U);
  EXPECT_LE(d.nodes.size(), kMostDiagramNodes);
  EXPECT_EQ(shown(d, "hub")->mark, DiagramMark::kCause);
  EXPECT_EQ(d.nodes.back().members_with_symptoms, 7U);
  EXPECT_THAT(diagram_words::name(d, d.nodes.back()), HasSubstr("7"));
}

TEST(DiagramWords, figures_say_what_was_and_what_was_usual) {
  const auto words = [](TopologyEdgeView e, Language language = Language::kEnglish) {
    return diagram_words::call(language, e);
  };
  const CallFigures now{200, 190, 20, 5.0, 5.02, std::nullopt};
  const CallFigures before{1200, 0, 60, 0.004, 0.0123, std::nullopt};
  const TopologyEdgeView both{.caller = "a", .callee = "b", .window = now, .baseline = before};
  EXPECT_EQ(words(both), "20/min (was 60/min) · 95% errors · p95 5.0 s (was 12 ms)");
  EXPECT_EQ(words(both, Language::kJapanese), "20 回/分（通常 60 回/分） · エラー 95% · p95 5.0 s（通常 12 ms）");
  EXPECT_EQ(words({.caller = "a", .callee = "b", .baseline = before}), "no calls (was 60/min)");
  EXPECT_EQ(words({.caller = "a", .callee = "b", .window = before}), "60/min · p95 12 ms");
  EXPECT_EQ(words({.caller = "a",
                   .callee = "b",
                   .origin = EdgeOrigin::kXRay,
                   .undated = CallFigures{1234, 12, std::nullopt, std::nullopt, std::nullopt, 0.25}}),
            "1,234 requests · 1% errors · mean 250 ms");
  EXPECT_EQ(words({.caller = "a", .callee = "b", .origin = EdgeOrigin::kDescription, .protocol = "SQL"}),
            "SQL · not observed: concluded or described");
  EXPECT_EQ(words({.caller = "a", .callee = "b"}), "");
}

TEST(DiagramText, is_as_reviewed) {
  for (const Language language : {Language::kEnglish, Language::kJapanese}) {
    const std::string tail = "." + std::string(language_name(language)) + ".golden.";
    const Diagram five = make_diagram(five_nodes(language));
    test::expect_text(kTestData + "diagram-5" + tail + "mmd", diagram_mermaid(five));
    test::expect_text(kTestData + "diagram-5" + tail + "dot", diagram_dot(five));
    test::expect_text(kTestData + "diagram-40" + tail + "mmd", diagram_mermaid(make_diagram(many_nodes(40, language))));
  }
  test::expect_text(kTestData + "diagram-15.layout.golden.dot",
                    layout_dot(make_diagram(many_nodes(15)), FlowDirection::kRight));
}

TEST(DiagramText, what_was_not_observed_is_dashed) {
  const Diagram d = make_diagram(five_nodes());
  EXPECT_THAT(diagram_mermaid(d), HasSubstr("-.->|\"SMTP\"|"));
  EXPECT_THAT(diagram_dot(d), HasSubstr("[style=dashed, label=\"SMTP\"]"));
}

TEST(DiagramText, hostile_names_stay_names) {
  const std::vector<std::string> hostile = {"a\"b",
                                            "back\\slash\\",
                                            "line\nbreak\r\n",
                                            "<b>label</b>",
                                            "</svg><script>alert(1)</script>",
                                            "```\n# heading",
                                            "%%{init: {}}%%",
                                            "x\"]; n0 --> n0; click n0 \"https://evil.example\"",
                                            "\xE2\x80\xAE\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D",
                                            std::string("nul\0\x1b[31m", 9),
                                            std::string(10'000, 'w'),
                                            "\xff\xfe",
                                            "",
                                            "n0",
                                            "-->",
                                            "end",
                                            "日本語\"名前"};
  Report r;
  for (std::size_t i = 0; i < hostile.size(); ++i) call(r, hostile[i], hostile[(i + 1) % hostile.size()]);
  blame(r, hostile.front());
  const Diagram d = make_diagram(r);
  const std::string mermaid = diagram_mermaid(d);
  EXPECT_THAT(mermaid, Not(HasSubstr("<b>")));
  EXPECT_THAT(mermaid, Not(HasSubstr("`")));
  EXPECT_THAT(mermaid, Not(HasSubstr("%%")));
  EXPECT_THAT(mermaid, Not(HasSubstr("\x1b")));
  EXPECT_THAT(mermaid, Not(HasSubstr("\xE2\x80\xAE")));
  EXPECT_LT(mermaid.size(), 8000U);
  // First line, nodes, arrows, three classes: no name made a line of its own; and each label has its two quotes.
  EXPECT_EQ(static_cast<std::size_t>(std::count(mermaid.begin(), mermaid.end(), '\n')),
            1 + d.nodes.size() + d.edges.size() + 3);
  for (const bool layout : {true, false}) {
    const std::string dot = layout ? layout_dot(d, FlowDirection::kRight) : diagram_dot(d);
    EXPECT_EQ(static_cast<std::size_t>(std::count(dot.begin(), dot.end(), '\n')), 5 + d.nodes.size() + d.edges.size());
  }
  if (!has_graphviz()) GTEST_SKIP() << kNoGraphviz;
  for (const Report& report : {r, hostile_report(Language::kJapanese)}) {
    const auto drawing = diagram_drawing(report, {}, {});
    ASSERT_TRUE(drawing) << drawing.error().message;
    ASSERT_TRUE(*drawing);
    const std::string svg = draw::to_svg(**drawing);
    EXPECT_THAT(svg, Not(HasSubstr("<script")));
    EXPECT_THAT(svg, Not(HasSubstr("<b>")));
    EXPECT_LT((*drawing)->width, 5000);
  }
}

/// What is wrong with a layout program, and what is said.
TEST(DiagramLayout, a_missing_slow_or_broken_graphviz_is_told) {
  using std::chrono::milliseconds;
  struct Case {
    LayoutOptions options;
    ErrorCode code;
    Phrase says;
  };
  const std::vector<Case> cases = {
      {{"/no/such/dot", milliseconds(5000)}, ErrorCode::kNotFound, Phrase::kDiagramNoGraphviz},
      {{"/bin/cat", milliseconds(0)}, ErrorCode::kCancelled, Phrase::kDiagramTooSlow},
      {{"/bin/true", milliseconds(5000)}, ErrorCode::kInternal, Phrase::kDiagramFailed},
      {{"/bin/false", milliseconds(5000)}, ErrorCode::kInternal, Phrase::kDiagramFailed},
      {{"/usr/bin/yes", milliseconds(60'000)}, ErrorCode::kInternal, Phrase::kDiagramFailed},
  };
  for (const Language language : {Language::kEnglish, Language::kJapanese}) {
    for (const Case& c : cases) {
      const auto drawing = diagram_drawing(five_nodes(language), c.options, {});
      ASSERT_FALSE(drawing) << c.options.program;
      EXPECT_EQ(drawing.error().code, c.code) << c.options.program;
      const std::string_view phrase = say(language, c.says);
      EXPECT_THAT(drawing.error().message, HasSubstr(std::string(phrase.substr(0, phrase.find('{')))));
    }
  }
}

constexpr const char* kGoodLayout =
    R"({"bb":"0,0,200,100","objects":[{"name":"n0","pos":"50,25"},{"name":"n1","pos":"150,75.5"}],)"
    R"("edges":[{"id":"e0","pos":"80,25 90,30 1e2,35 110,40","lp":"100,60"}]})";

TEST(DiagramLayout, reads_centers_curves_and_labels) {
  const auto layout = parse_layout(kGoodLayout, 2, 1);
  ASSERT_TRUE(layout) << layout.error().message;
  EXPECT_EQ(layout->width, 200);
  EXPECT_EQ(layout->nodes[1], (draw::Point{150, 24.5}));
  ASSERT_EQ(layout->edges[0].curve.size(), 4U);
  EXPECT_EQ(layout->edges[0].curve[2], (draw::Point{100, 65}));
  EXPECT_EQ(layout->edges[0].label, (draw::Point{100, 40}));
}

TEST(DiagramLayout, refuses_what_is_not_the_layout_of_the_graph) {
  const auto with = [](std::string from, const std::string& to) {
    std::string text = kGoodLayout;
    return text.replace(text.find(from), from.size(), to);
  };
  const std::vector<std::string> wrong = {
      "",
      "[]",
      "{",
      with("0,0,200,100", "0,0,200"),
      with("0,0,200,100", "0,0,nan,100"),
      with("0,0,200,100", "0,0,1e99,100"),
      with("0,0,200,100", "0,0,-5,100"),
      with("\"n1\"", "\"n2\""),
      with("\"n1\"", "\"n0\""),
      with("\"n1\"", "\"n99999999999999999999\""),
      with("\"n1\"", "\"m1\""),
      with("150,75.5", "150"),
      with("150,75.5", "inf,1"),
      with("150,75.5", "150,75.5x"),
      with("\"e0\"", "\"e1\""),
      with("110,40", ""),
      with("110,40", "e,110,40"),
      with("\"edges\"", "\"edge\""),
      with(R"({"name":"n0","pos":"50,25"})", "7"),
      with(R"("pos":"50,25")", R"("pos":[50,25])"),
  };
  for (const std::string& text : wrong) EXPECT_FALSE(parse_layout(text, 2, 1)) << text;
  EXPECT_FALSE(parse_layout(kGoodLayout, 3, 1));
  EXPECT_FALSE(parse_layout(kGoodLayout, 2, 2));
}

/// Centers to whole pixels: what a reader would call the same picture.
std::string rounded(const DiagramLayout& layout) {
  std::string out =
      std::to_string(std::lround(layout.width)) + " x " + std::to_string(std::lround(layout.height)) + "\n";
  for (std::size_t i = 0; i < layout.nodes.size(); ++i) {
    out += "n" + std::to_string(i) + " " + std::to_string(std::lround(layout.nodes[i].x)) + " " +
           std::to_string(std::lround(layout.nodes[i].y)) + "\n";
  }
  return out;
}

TEST(DiagramDrawing, is_as_reviewed) {
  if (!has_graphviz()) GTEST_SKIP() << kNoGraphviz;
  struct Case {
    std::string name;
    Report report;
  };
  const std::vector<Case> cases = {{"diagram-5.en", five_nodes()},
                                   {"diagram-5.ja", five_nodes(Language::kJapanese)},
                                   {"diagram-15.en", many_nodes(15)},
                                   {"diagram-40.ja", many_nodes(40, Language::kJapanese)}};
  for (const Case& c : cases) {
    const Diagram diagram = make_diagram(c.report);
    const auto layout = lay_out(diagram, {}, {});
    ASSERT_TRUE(layout) << layout.error().message;
    test::expect_text(kTestData + c.name + ".layout.golden.txt", rounded(*layout));
    const draw::Drawing drawing = draw_diagram(diagram, *layout);
    EXPECT_EQ(draw::to_svg(drawing), draw::to_svg(draw_diagram(diagram, *lay_out(diagram, {}, {}))));
    const auto png = draw::to_png(drawing, {draw::Theme::kLight, 1});
    ASSERT_TRUE(png) << png.error().message;
    test::expect_image(kTestData + c.name + ".golden.png", *png);
  }
}

TEST(DiagramDrawing, boxes_do_not_overlap_and_stay_inside) {
  if (!has_graphviz()) GTEST_SKIP() << kNoGraphviz;
  for (const int nodes : {6, 15, 25, 40}) {
    const Diagram d = make_diagram(many_nodes(nodes));
    const auto layout = lay_out(d, {}, {});
    ASSERT_TRUE(layout);
    for (std::size_t i = 0; i < d.nodes.size(); ++i) {
      const BoxSize a = node_size(d, d.nodes[i]);
      const draw::Point p = layout->nodes[i];
      EXPECT_GE(p.x - a.width / 2, -1);
      EXPECT_LE(p.y + a.height / 2, layout->height + 1);
      for (std::size_t j = 0; j < i; ++j) {
        const BoxSize b = node_size(d, d.nodes[j]);
        const draw::Point q = layout->nodes[j];
        EXPECT_TRUE(std::abs(p.x - q.x) >= (a.width + b.width) / 2 || std::abs(p.y - q.y) >= (a.height + b.height) / 2)
            << nodes << ": " << i << " and " << j;
      }
    }
  }
}

}  // namespace
}  // namespace fa
