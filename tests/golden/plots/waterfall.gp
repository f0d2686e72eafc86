# waterfall.gp - drawn by firstbyte; run it again with: gnuplot waterfall.gp
set encoding utf8
set terminal svg noenhanced size 960,620 font 'DejaVu Sans,13' background '#ffffff'
set output 'waterfall.svg'
set border 3 lc rgb '#555555'
set format '%g'
set tics nomirror out textcolor rgb '#222222'
set grid ytics lc rgb '#dddddd' lt 1 lw 0.6
set label 1 'It''s a "test" of `plots`, $HOME and \n: 5 % {/Bold x}_y @z' at screen 0.02, screen 0.9516 left font ',17'
set label 3 'replication 0, seed 1; link client -- web.loss = 0 %, tcp.profile = linux' at screen 0.02, screen 0.0226 left font ',10' textcolor rgb '#555555'
set lmargin at screen 0.1151
set rmargin at screen 0.9700
set tmargin at screen 0.9032
set bmargin at screen 0.1435
unset key
unset tics
set xrange [0:1]
set yrange [0:1]
set label 4 'Nothing to draw: the run has no such page or object.' at graph 0.5, graph 0.5 center
plot NaN notitle
# the same for the screen, and for paper
set terminal pngcairo noenhanced size 1440,930 font 'DejaVu Sans,13' fontscale 1.4 linewidth 1.4 pointscale 1.4
set output 'waterfall.png'
replot
set terminal pdfcairo noenhanced size 17cm,10.98cm font 'DejaVu Sans,13' fontscale 0.5 linewidth 0.9 pointscale 0.5
set output 'waterfall.pdf'
replot
unset output
