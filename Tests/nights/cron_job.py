"""A nightly job that cron starts: its days, and what has to hold in the morning."""

import calendar
import os
import re
import subprocess
import time

from daemon import ZONE, found
from nightly_job import Job, check

DAY = 86400
OWNER = "owner@example.org"
# What a mail says: what failed, where, the log's path, and the command that goes on.
BLOCK = re.compile(
    r"ecpipe: (?P<title>.+) \(exit (?P<code>\d+)\)\n  what:        (?P<what>.+)\n"
    r"  where:       job(, night (?P<night>\S+))?, (?P<schedule>/.+)\n  in service:  (?P<champion>.+)\n"
    r"  log:         (?P<log>/.+)\n(  (go on with|promote it|force it|train on it): +(?P<command>.+)\n)?")


def utc(*date_and_time):
    return calendar.timegm((*date_and_time, 0, 0, 0)[:6])


class JobOfCron(Job):
    def __init__(self, program, daemon):
        self.daemon, self.facts, self.last, self.seen = daemon, [], None, 0
        # The exit code that `verify` is to end with.
        self.verified = 0
        self.midnight, self.days, self.begun = utc(2026, 10, 12), 0, []
        os.environ["TZ"] = ZONE
        time.tzset()
        daemon.new_disk()
        super().__init__(program, os.path.join(daemon.disk, "job"))
        os.makedirs(self.folder)
        self.own_lines = f"MAILTO={OWNER}\n" + "".join(
            f"{name}={value}\n" for name, value in daemon.variables.items()) + "* * * * * : minute\n"
        subprocess.run([found("crontab"), "-"], input=self.own_lines, text=True, check=True)
        self.arrive(0)
        self.write_schedule()
        self.check_units()
        self.install()
        daemon.set_clock(self.moment("12:00:00"))
        daemon.start()

    def end(self):
        self.daemon.stop()
        subprocess.run([self.program, "cron", "remove", "job"], check=True, capture_output=True)
        check(self.crontab() == self.own_lines, "a crontab without the job is not what it was before")
        self.daemon.remove_disk()

    def crontab(self):
        return subprocess.run(
            [found("crontab"), "-l"], check=True, capture_output=True, text=True).stdout

    # The nights

    def moment(self, clock):
        """Seconds since 1970 of a local time of the day that it is; they may be given instead."""
        if not isinstance(clock, str):
            return clock
        day = time.gmtime(self.midnight)
        hours, minutes, seconds = map(int, clock.split(":"))
        return time.mktime((*day[:3], hours, minutes, seconds, 0, 0, -1))

    def cron_install(self, *words):
        path = os.path.dirname(found("crontab")) + ":/usr/bin:/bin"
        done = subprocess.run(
            [self.program, "cron", "install", "conf/job.yaml", "--at", "02:30", "--checkpoints",
             self.checkpoints, *words], cwd=self.folder, env={"PATH": path}, capture_output=True, text=True)
        check(done.returncode == 0 and not done.stderr, f"install: {done.stdout}{done.stderr}")
        return done.stdout

    def check_units(self):
        """What systemd would be given in cron's place is to its liking; nothing is installed."""
        shown = re.split(r"^# /.*/(ecpipe-job\.\w+)\n", self.cron_install("--systemd", "--print"), flags=re.MULTILINE)
        units = dict(zip(shown[1::2], shown[2::2]))
        check(sorted(units) == ["ecpipe-job.service", "ecpipe-job.timer"], f"other units: {sorted(units)}")
        for name, text in units.items():
            self.write(f"conf/{name}", text)
        for name in units:
            done = subprocess.run(
                [found("systemd-analyze"), "verify", "./" + name], cwd=self.path("conf"),
                capture_output=True, text=True)
            # It looks at the machine's units, too.
            said = [line for line in (done.stdout + done.stderr).split("\n") if "ecpipe" in line]
            check(done.returncode == 0 and not said, f"systemd-analyze: {said or done.stderr}")
        for name in units:
            os.remove(self.path("conf", name))

    def name(self, clock):
        """Of a night that begins then."""
        return time.strftime("%Y-%m-%dT%H%M", time.gmtime(self.moment(clock)))

    def set_clock(self, clock):
        self.daemon.set_clock(self.moment(clock))

    def next_day(self, days=1):
        self.midnight += days * DAY
        self.days += days

    def arrive(self, more=40, **options):
        """Data for the night to come."""
        self.count += more
        self.write_rows(self.rows(**options))

    def write_rows(self, text):
        self.write("rows.csv", text)
        now = self.moment("12:00:00")
        os.utime(self.path("rows.csv"), (now, now))

    def install(self):
        self.cron_install("--crontab")
        lines = self.crontab()
        check(lines.startswith(self.own_lines), "lines of others have changed")
        check(lines.count("ecpipe begin") == 1 and lines.count("--nightly") == 1, "installed twice")

    def begin(self, clock="02:29:30"):
        """Has the night begin in the minute behind that time; returns its process."""
        before = len(self.daemon.started())
        moment = self.moment(clock)
        self.begun.append(self.name(moment + 60))
        self.daemon.pass_minute(moment)
        self.daemon.wait(lambda: len(self.daemon.started()) > before, "no night was begun", 20)
        check(len(self.daemon.started()) == before + 1, "more than one night was begun")
        return self.daemon.started()[-1]

    def none_begins(self, *clocks):
        """Lets the minutes behind these times begin, and no night."""
        before = self.daemon.started()
        for clock in clocks:
            self.daemon.pass_minute(self.moment(clock))
            time.sleep(0.2)
        check(self.daemon.started() == before, "a night was begun that is not due")
        check(not self.daemon.new_mails(), "a mail from no night")

    def night(self, codes=(0,), outcome=None, what=""):
        """A night of the next day."""
        self.next_day()
        return self.morning(self.begin(), codes, outcome, what)

    def morning(self, pid, codes=(0,), outcome=None, what=""):
        """What holds when the night of that process is over; returns the mail."""
        self.daemon.wait(lambda: self.daemon.is_over(pid), "a night does not end", 300)
        code = self.daemon.code(pid)
        mails = self.daemon.new_mails()
        check(code in codes, f"exit {code} for {codes}: {mails}")
        new = self.new_decisions()
        mail = self.block(mails, code, what) if code > 0 else None
        check(code > 0 or not mails, f"a mail under exit {code}: {mails}")
        if outcome or code in (0, 12):
            check(len(new) == 1, f"{len(new)} decisions of one night")
            outcomes = (outcome,) if outcome else ("promoted", "kept") if code == 0 else ("refused", "undecided")
            self.whole(new[0]["outcome"], self.verified)
            check(new[0]["outcome"] in outcomes, f"{new[0]['outcome']} for {outcomes}: {new[0]['reason']}")
            check(new[0]["reason"] in mail["what"] if mail else True, f"another reason is mailed: {mail}")
        elif code == 11:
            check(len(new) == 2 and new[0]["outcome"] == "rolled_back", f"a damaged champion: {new}")
            self.whole(new[1]["outcome"], self.verified)
        elif new and code == 1:
            # On a full disk a line may still go into the last block of a file.
            self.whole("failed")
        else:
            check(not new, f"a decision of a night without one: {new}")
        # Who was killed could not tidy up; the next night does.
        if code >= 0:
            self.nothing_of_nobody()
        self.metrics(code)
        self.facts.append((code, [self.fact(decision) for decision in new]))
        return mail

    def command_by_hand(self):
        return f"exec {self.program} run {self.path('conf/job.yaml')} --nightly --checkpoints {self.path('runs')}"

    def kill_by_hand(self):
        """A night by hand that is killed while it computes."""
        before = set(os.listdir(self.job()))
        process = subprocess.Popen(self.command_by_hand(), shell=True, cwd="/", env=self.daemon.variables)
        check(self.await_run(before, lambda: process.poll() is not None), "a night is too short to be killed")
        process.kill()
        process.wait()

    def by_hand(self, command=None, codes=(0, 12)):
        """What somebody does who has the daemon's clock, and nothing else that is set."""
        command = command or self.command_by_hand()
        done = subprocess.run(
            command, shell=True, cwd="/", env=self.daemon.variables, capture_output=True, text=True)
        check(done.returncode in codes, f"{command}: exit {done.returncode}: {done.stderr}")
        new = self.new_decisions()
        check(len(new) == 1, f"{len(new)} decisions of one command")
        self.whole(new[0]["outcome"])
        self.nothing_of_nobody()
        self.facts.append((done.returncode, [self.fact(new[0])]))

    def new_decisions(self):
        decisions = self.decisions()
        new, self.seen = decisions[self.seen:], len(decisions)
        if new:
            self.last = new[-1]
        return new

    @staticmethod
    def fact(decision):
        challenger = decision["challenger"] or {}
        return [decision[key] for key in ("night", "outcome", "forced", "reason", "champion_sha256")] + [
            challenger.get("sha256"), decision["warnings"]]

    # What is looked at

    def block(self, mails, code, what):
        check(len(mails) == 1, f"{len(mails)} mails under exit {code}: {mails}")
        header, text = mails[0]
        check(f"To: {OWNER}\n" in header and "Subject: Cron <root@" in header, header)
        mail = BLOCK.fullmatch(text)
        check(mail, f"another text than the block:\n{text}")
        check(int(mail["code"]) == code, f"another exit code is mailed: {text}")
        check(mail["schedule"] == self.path("conf/job.yaml") and mail["log"] == self.job("nightly.log"), text)
        check(mail["champion"] == self.champion() and what in mail["what"], text)
        return mail

    def nothing_of_nobody(self):
        self.nothing_else()
        check(sorted(os.listdir(self.folder)) == ["conf", "job.prom", "rows.csv", "runs"], "an orphan")
        check(sorted(os.listdir(self.path("runs"))) == ["job", "job.lock"], "an orphan beside the job")

    def metrics(self, code):
        with open(self.path("job.prom")) as file:
            text = file.read()
        done = subprocess.run(
            [found("promtool"), "check", "metrics"], input=text, capture_output=True, text=True)
        check(done.returncode == 0 and not done.stdout + done.stderr, f"promtool: {done.stdout}{done.stderr}")
        # Who was killed, or had a full disk, could not write them.
        check(code in (-9, 1) or f'exit_code{{name="job"}} {float(code)}\n' in text, f"{code} is not in {text}")
