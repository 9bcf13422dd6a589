"""The usual names of columns and marks: what people call systems, tasks, runs and scores."""

import re
from collections.abc import Mapping, Sequence

ROLES: Mapping[str, tuple[str, ...]] = {
    role: tuple(words.split())
    for role, words in {
        "system": (
            "system systems model models algo algos algorithm algorithms agent agents method methods model_name "
            "system_name agent_name algo_name method_name model_id approach learner policy estimator classifier "
            "regressor encoder optimizer solver variant team submission exp_name llm"
        ),
        "task": (
            "task tasks env envs env_id env_name environment dataset datasets data_set game task_name dataset_name "
            "benchmark benchmarks problem scenario test_set subtask task_id corpus level"
        ),
        "group": "suite benchmark category subset subject domain track difficulty split",
        "run": "seed random_seed random_state run run_id trial repeat repetition replicate rep fold attempt sample epoch",
        "step": (
            "step steps global_step env_step env_steps timestep timesteps total_timesteps num_timesteps iteration iter "
            "epoch frame frames update updates"
        ),
        "item": (
            "item item_id question question_id prompt prompt_id example example_id instance instance_id doc_id "
            "sample_id problem_id problem case case_id query query_id qid items questions input input_id id"
        ),
        "cluster": "cluster cluster_id passage passage_id document document_id paragraph template family",
        "score": (
            "score scores return returns accuracy acc reward rewards value result performance episode_return "
            "episodic_return mean_reward normalized_score test_score mean_test_score metric_value success_rate success "
            "correct is_correct exact_match passed pass outcome response grade rating auc roc_auc f1 f1_score r2 bleu "
            "rouge win_rate r loss error perplexity ppl rmse mse mae nll wer cer regret latency"
        ),
        "n": "n n_samples num_samples total n_total attempts trials",
        "c": "c correct n_correct num_correct successes passed n_passed num_passed",
        "measure": "metric measure metric_name measure_name score_name",
        "voter": "voter voter_id judge judge_id annotator annotator_id rater assessor user worker",
        "prompt": "prompt prompt_id question question_id item item_id instance instruction query task",
        "source": "source",
    }.items()
}
"""Names by role, the more telling first. A name may stand under several roles: which one fits is decided by the others."""

WORDINGS = "prompt", "prompt_id", "prompt_name", "prompt_template", "instruction", "instruction_id", "wording"
"""Names of a column that says how an item was put, where another one says which item it is."""

SIDES: Sequence[tuple[str, str]] = (
    ("model_a", "model_b"),
    ("system_a", "system_b"),
    ("agent_a", "agent_b"),
    ("player_a", "player_b"),
    ("a", "b"),
    ("model_1", "model_2"),
    ("system_1", "system_2"),
    ("model1", "model2"),
    ("system1", "system2"),
    ("player1", "player2"),
    ("left", "right"),
    ("first", "second"),
    ("white", "black"),
    ("home", "away"),
    ("model_left", "model_right"),
)
"""Names of the two sides of a battle."""

WINNER = (
    "winner",
    "outcome",
    "result",
    "preference",
    "preferred",
    "choice",
    "vote",
    "label",
    "score",
    "win",
    "verdict",
)

DESCRIPTIVE = re.compile(
    r"(^|_|#)(params?|parameters|size|license|licence|organi[sz]ation|org|date|url|link|price|cost|votes|rank|#|index|"
    r"year|released?|context|tokens?|memory|flops|avg|average|mean|overall|std|stderr|se|sem|ci|low|lower|high|upper|"
    r"unnamed|notes?|comment|version|type|time|seconds|duration|budget|timestamp|count|num|lr|learning_rate|batch_size|dropout|"
    r"hidden|layers|width|depth|weight_decay|temperature|shots)($|_)"
)
"""Columns of a leaderboard that describe a system or are made from the others: no tasks."""

LOWER = re.compile(
    r"(^|_)(loss|err|error|errors|error_rate|perplexity|ppl|latency|seconds|runtime|cost|rmse|mse|mae|mape|nll|wer|cer|fid|"
    r"regret|brier|ece|bpb|bits_per_byte|log_?loss)($|_)"
)
"""Measures of which less is usually better."""

MISSING = (
    "",
    "-",
    "--",
    "---",
    "—",
    "–",
    "−",
    "n/a",
    "na",
    "none",
    "null",
    "?",
    ".",
    "/",
    "n.a.",
    "missing",
    "tbd",
    "oom",
    "✗",
    "x",
)
"""Cells that say that there is no number, in lower case."""

LIKE_SYSTEMS = re.compile(
    r"gpt|llama|claude|gemini|qwen|mistral|mixtral|deepseek|phi-?\d|gemma|dreamer|ppo|sac|td3|dqn|a2c|rainbow|xgboost|lightgbm|"
    r"catboost|random.?forest|resnet|bert|baseline|ours"
)
LIKE_TASKS = re.compile(
    r"mmlu|gsm|humaneval|mbpp|arc|hellaswag|truthful|winogrande|gpqa|bbh|squad|glue|cifar|mnist|imagenet|atari|cartpole|"
    r"walker|cheetah|hopper|ant|humanoid|breakout|pong|qbert"
)
"""Fragments of names of well-known systems and tasks, where nothing else tells a leaderboard's rows from its columns."""


def plain(name: str) -> str:
    """A column's name in lower case with single underscores: `Env ID` is `env_id`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", "_", name.strip())
    return re.sub(r"_+", "_", re.sub(r"[^a-z0-9#]+", "_", spaced.lower())).strip("_")


def usual(name: str, role: str) -> int | None:
    """How telling a name is for a role (0 is best), or None where it is no usual name of it."""
    word = plain(name)
    return ROLES[role].index(word) if word in ROLES[role] else None


def clean(name: object) -> str:
    """A name of the data's as inert text: control and formatting characters and marks of bold type go."""
    text = "" if name is None else str(name).strip()
    if len(text) > 4 and text.startswith("**") and text.endswith("**"):
        text = text[2:-2]
    if text.isprintable():
        return text.strip()
    return re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text)).strip()


def counted(number: int, noun: str) -> str:
    """`1 row`, `2,000 rows`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shown(names: Sequence[str], most: int = 4) -> str:
    """A few names, on one line, and how many more there are."""
    short = [n if len(n) <= 40 else n[:39] + "…" for n in map(clean, names[:most])]
    return ", ".join(short) + (f" and {len(names) - most} more" if len(names) > most else "")
